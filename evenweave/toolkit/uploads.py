"""Pictures that people send: accepted by what they contain, never by what they are called.

What is kept and served is a fresh picture drawn from the pixels alone: nothing of the file that was sent
(metadata, comments, bytes after the end) survives in it."""

import contextlib
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.formats import localize
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from evenweave.toolkit.refusals import Refused

MEGABYTE = 1024 * 1024
IMAGE_LIMIT_BYTES = 15 * MEGABYTE
PIXEL_LIMIT = 40_000_000
LONGEST_SIDE = 2400
JPEG_QUALITY = 85
_SHRINKABLE = {"RGB", "RGBA", "L", "CMYK", "YCbCr"}

_SIGNATURES = {
    "JPEG": re.compile(rb"\xff\xd8\xff"),
    "PNG": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "WEBP": re.compile(rb"RIFF.{4}WEBP", re.DOTALL),
}
# Kinds of file that hide in the comments of a picture or behind its end, because something would run them.
_FOREIGN = re.compile(
    rb"<\s*(?:html|script|svg|body|iframe|object|embed|!doctype)[\s>/]|<\?php|%PDF-|Rar!\x1a\x07",
    re.IGNORECASE,
)
_ZIP_END = b"PK\x05\x06"
_ZIP_END_REACH = 22 + 65_535


@dataclass(frozen=True)
class AcceptedImage:
    """A picture that may be kept. `width` and `height` in pixels; `sha256_of_sent` is the hex digest of the
    bytes as they arrived, by which a device knows its photo again."""

    bytes: bytes
    content_type: str
    width: int
    height: int
    sha256_of_sent: str


def accept_image(
    file: IO[bytes], *, limit_bytes: int = IMAGE_LIMIT_BYTES, field: str | None = None
) -> AcceptedImage:
    """The picture in `file`, drawn anew without metadata, upright, at most 2400 pixels long.

    JPEG, PNG and WebP only, decided by content. The result is a JPEG, or a PNG where something shows through.
    Raises Refused for anything else, for more than `limit_bytes` bytes or 40 million pixels, for a file that
    is cut off, and for a picture that carries another kind of file with it."""
    sent = _read(file, limit_bytes, field)
    kind = next((name for name, signature in _SIGNATURES.items() if signature.match(sent)), None)
    if kind is None:
        raise Refused(
            _("This file is not a photo that can be shown. Send a JPEG, PNG or WebP picture."), field=field
        )
    if _carries_another_file(sent, kind):
        raise Refused(
            _("This picture carries another file inside it. Save it anew as JPEG and send that."),
            field=field,
        )
    clean = _redrawn(sent, kind, field)
    content, content_type = _encoded(clean)
    return AcceptedImage(content, content_type, clean.width, clean.height, hashlib.sha256(sent).hexdigest())


def _read(file: IO[bytes], limit_bytes: int, field: str | None) -> bytes:
    sent = file.read(limit_bytes + 1)
    if not sent:
        raise Refused(_("The file is empty. Choose the photo again."), field=field)
    if len(sent) > limit_bytes:
        size = localize(round(limit_bytes / MEGABYTE, 1)).removesuffix(".0")
        raise Refused(
            _("The photo is larger than %(size)s MB. Shrink it and send again.") % {"size": size}, field=field
        )
    return sent


def _redrawn(sent: bytes, kind: str, field: str | None) -> Image.Image:
    try:
        with Image.open(io.BytesIO(sent), formats=[kind]) as header:
            if header.width * header.height > PIXEL_LIMIT:
                raise Image.DecompressionBombError
            header.verify()
        with Image.open(io.BytesIO(sent), formats=[kind]) as image:
            # Reads a large JPEG at half or a quarter of its size: less memory, the same picture.
            image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
            image.load()
            _set_upright(image)
            return _pixels_only(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(
            _("The photo has more than 40 million pixels. Shrink it and send again."), field=field
        ) from None
    except Exception:  # hostile bytes can make a decoder fail in any way it likes
        raise Refused(
            _("The picture is damaged or cut off. Choose the original file, or take the photo again."),
            field=field,
        ) from None


def _set_upright(image: Image.Image) -> None:
    # Notes of the camera may be unreadable; the pixels are fine all the same.
    with contextlib.suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)


def _pixels_only(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    if image.mode in _SHRINKABLE:
        # Before anything else: each copy of forty million pixels takes 160 MB.
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] == 255:
            image = image.convert("RGB")
    else:
        image = image.convert("RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    out = io.BytesIO()
    if image.mode == "RGBA":
        image.save(out, "PNG")
        return out.getvalue(), "image/png"
    image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return out.getvalue(), "image/jpeg"


def _carries_another_file(sent: bytes, kind: str) -> bool:
    if _ZIP_END in sent[-_ZIP_END_REACH:]:
        return True
    return any(_FOREIGN.search(part) for part in _parts_beside_pixels(sent, kind))


def _parts_beside_pixels(sent: bytes, kind: str) -> Iterator[bytes]:
    """What a file holds beside its pixels: metadata, comments, and the bytes behind its end."""
    match kind:
        case "JPEG":
            yield from _jpeg_parts(sent)
        case "PNG":
            yield from _png_parts(sent)
        case "WEBP":
            yield from _webp_parts(sent)


_JPEG_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")


def _jpeg_parts(sent: bytes) -> Iterator[bytes]:
    place = 2
    while found := _JPEG_MARKER.search(sent, place):
        marker = found[1][0]
        if marker == 0xD9:
            rest = sent[found.end() :]
            # Phones put a second, smaller JPEG behind the first (depth, brightness): read it the same way.
            if _SIGNATURES["JPEG"].match(rest):
                yield from _jpeg_parts(rest)
            else:
                yield rest
            return
        length = int.from_bytes(sent[found.end() : found.end() + 2])
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            yield sent[found.end() : found.end() + length]
        place = found.end() + max(length, 2)


def _png_parts(sent: bytes) -> Iterator[bytes]:
    place = 8
    while place + 8 <= len(sent):
        length = int.from_bytes(sent[place : place + 4])
        name = sent[place + 4 : place + 8]
        end = place + 12 + length
        if name == b"IEND":
            yield sent[end:]
            return
        if name not in {b"IHDR", b"PLTE", b"IDAT", b"fdAT"}:
            yield sent[place + 8 : end - 4]
        place = end


def _webp_parts(sent: bytes) -> Iterator[bytes]:
    end = 8 + int.from_bytes(sent[4:8], "little")
    place = 12
    while place + 8 <= min(end, len(sent)):
        length = int.from_bytes(sent[place + 4 : place + 8], "little")
        if sent[place : place + 4] not in {b"VP8 ", b"VP8L", b"ALPH", b"ANMF"}:
            yield sent[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
    yield sent[end:]
