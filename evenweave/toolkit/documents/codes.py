"""Pictures of codes."""

from functools import lru_cache


@lru_cache(maxsize=64)
def qr_svg(text: str, *, colour: str = "#15262b") -> str:
    """The QR code of `text` as an SVG, one unit a module, without a quiet zone (the page around it is white)."""
    import qrcode

    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = "".join(
        f"M{column} {row}h1v1h-1z" for row, line in enumerate(rows) for column, dark in enumerate(line) if dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path fill="{colour}" shape-rendering="crispEdges" d="{squares}"/></svg>'
    )
