"""Small real pictures for uploads."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def a_picture(colour: str = "teal") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return out


def an_upload(colour: str = "teal", name: str = "door.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_picture(colour).read(), content_type="image/jpeg")
