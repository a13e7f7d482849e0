"""Pictures made here, friendly and hostile."""

import contextlib
import hashlib
import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image, PngImagePlugin

from evenweave.toolkit.refusals import Refused
from evenweave.toolkit.uploads import accept_image


def picture(kind="JPEG", size=(60, 40), mode="RGB", colour=(200, 30, 40), **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def accept(content: bytes, **options):
    return accept_image(io.BytesIO(content), **options)


def opened(accepted) -> Image.Image:
    return Image.open(io.BytesIO(accepted.bytes))


def refusal(content: bytes, **options) -> str:
    with pytest.raises(Refused) as refused:
        accept(content, field="photo", **options)
    assert refused.value.field == "photo"
    return refused.value.message


def zipped(name="evil.js", content=b"alert(1)") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def with_png_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    return png[:-12] + png_chunk(name, content) + png[-12:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_become_a_jpeg_of_the_same_picture(kind):
    sent = picture(kind)
    accepted = accept(sent)
    assert accepted.content_type == "image/jpeg"
    assert (accepted.width, accepted.height) == (60, 40)
    assert accepted.sha256_of_sent == hashlib.sha256(sent).hexdigest()
    red, green, blue = opened(accepted).getpixel((30, 20))
    assert abs(red - 200) < 8
    assert abs(green - 30) < 8
    assert abs(blue - 40) < 8


def test_what_shows_through_stays_a_png():
    accepted = accept(picture("PNG", mode="RGBA", colour=(1, 2, 3, 100)))
    assert accepted.content_type == "image/png"
    assert opened(accepted).mode == "RGBA"


def test_an_alpha_channel_that_hides_nothing_is_dropped():
    assert accept(picture("PNG", mode="RGBA", colour=(1, 2, 3, 255))).content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("mode", "colour"), [("L", 90), ("1", 1), ("P", 3), ("I;16", 30_000), ("LA", (90, 255))]
)
def test_rarer_colour_modes_are_read(mode, colour):
    assert accept(picture("PNG", mode=mode, colour=colour)).content_type == "image/jpeg"


def test_sixteen_bit_grey_keeps_its_level():
    assert abs(opened(accept(picture("PNG", mode="I;16", colour=32_768))).getpixel((5, 5))[0] - 128) < 4


def test_cmyk_is_read():
    assert opened(accept(picture("JPEG", mode="CMYK", colour=(0, 255, 255, 0)))).mode == "RGB"


def test_a_turned_photo_stands_upright_and_its_place_is_gone():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (11.0, 33.0, 0.0)})
    accepted = accept(picture(exif=exif.tobytes()))
    assert (accepted.width, accepted.height) == (40, 60)
    assert dict(opened(accepted).getexif()) == {}
    assert b"SecretPhone" not in accepted.bytes
    assert b"Exif" not in accepted.bytes


def test_comments_and_colour_profiles_do_not_survive():
    accepted = accept(picture(comment=b"taken by Sokha", icc_profile=b"profile of a camera"))
    assert b"Sokha" not in accepted.bytes
    assert b"profile of a camera" not in accepted.bytes


def test_text_in_a_png_does_not_survive():
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Sokha")
    accepted = accept(picture("PNG", mode="RGBA", colour=(1, 2, 3, 9), pnginfo=note))
    assert b"Sokha" not in accepted.bytes


def test_a_large_photo_is_shrunk():
    accepted = accept(picture(size=(6000, 3000)))
    assert (accepted.width, accepted.height) == (2400, 1200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_bytes_after_the_end_do_not_survive(kind):
    accepted = accept(picture(kind) + b"\x00" * 40 + b"left over from the camera")
    assert b"left over" not in accepted.bytes


def test_a_second_picture_behind_the_first_is_no_reason_to_refuse():
    assert accept(picture() + picture(size=(10, 10))).width == 60


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<!doctype html><html><body>hello</body></html>",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"BM" + b"\x00" * 60,
        b"%PDF-1.7\n",
        b"II*\x00" + b"\x00" * 60,
        zipped(),
        b"just words",
        b"RIFF\x10\x00\x00\x00AVI LIST",
    ],
)
def test_other_kinds_of_file_are_refused(content):
    assert "not a photo" in refusal(content)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "tail", [b"<html><script>alert(1)</script>", b"<?php system($_GET[0]);", b"%PDF-1.7 1 0 obj", zipped()]
)
def test_a_picture_that_is_also_something_else_is_refused(kind, tail):
    assert "another file" in refusal(picture(kind) + tail)


def test_a_page_hidden_behind_a_second_picture_is_found():
    assert "another file" in refusal(picture() + picture(size=(9, 9)) + b"<script >alert(1)</script>")


def test_a_script_in_a_comment_is_refused():
    assert "another file" in refusal(picture(comment=b"<SCRIPT\n>alert(1)</script>"))


def test_a_script_in_a_png_chunk_is_refused():
    assert "another file" in refusal(with_png_chunk(picture("PNG"), b"zzZz", b"x<svg onload=alert(1)>"))


def test_a_script_in_a_webp_chunk_is_refused():
    assert "another file" in refusal(picture("WEBP", xmp=b"<iframe src=x>"))


def test_the_camera_notes_of_real_phones_are_no_reason_to_refuse():
    notes = b"http://ns.adobe.com/xap/1.0/\x00<?xpacket begin=''?><x:xmpmeta><rdf:RDF/></x:xmpmeta>"
    sent = picture()
    sent = sent[:2] + b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes + sent[2:]
    assert accept(sent).width == 60


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn():
    # 30,000 × 30,000 pixels in a header, and a few bytes of data: a bomb of 2.7 GB.
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\x00" * 999))
    )
    assert "40 million pixels" in refusal(bomb + png_chunk(b"IEND", b""))


def test_the_limit_of_pixels_is_forty_million():
    assert accept(picture("PNG", size=(8000, 5000), mode="1", colour=1)).width == 2400
    assert "40 million pixels" in refusal(picture("PNG", size=(8000, 5001), mode="1", colour=1))


def test_a_bomb_of_text_inside_a_png_is_refused():
    bomb = with_png_chunk(picture("PNG"), b"zTXt", b"note\x00\x00" + zlib.compress(b"\x00" * 200_000_000))
    assert "damaged" in refusal(bomb)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_cut_off_file_is_refused(kind):
    noise = Image.effect_noise((300, 300), 80).convert("RGB")
    out = io.BytesIO()
    noise.save(out, kind)
    assert "damaged" in refusal(out.getvalue()[: len(out.getvalue()) * 2 // 3])


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_metadata_is_no_crash():
    sent = picture()
    broken = b"Exif\x00\x00II*\x00\xff\xff\xff\xff"
    sent = sent[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + sent[2:]
    assert accept(sent).width == 60


def test_size_and_emptiness_are_said():
    assert refusal(b"") == "The file is empty. Choose the photo again."
    assert "larger than 15 MB" in refusal(picture() + b"\x00" * 15 * 1024 * 1024)
    assert "larger than 1 MB" in refusal(picture() + b"\x00" * 1024 * 1024, limit_bytes=1024 * 1024)


def test_random_damage_is_refused_or_read_but_never_a_crash():
    noise = Image.effect_noise((64, 64), 80).convert("RGB")
    for kind in ("JPEG", "PNG", "WEBP"):
        out = io.BytesIO()
        noise.save(out, kind)
        for place in range(4, len(out.getvalue()), max(1, len(out.getvalue()) // 60)):
            damaged = bytearray(out.getvalue())
            damaged[place] ^= 0xFF
            with contextlib.suppress(Refused):
                assert accept(bytes(damaged)).width
