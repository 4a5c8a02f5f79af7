"""Pixels: a picture turned upright, and smaller ones of it for small screens. All of Pillow is here.

The same bytes and settings give the same bytes, with the same Pillow.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sitegen.pictures.size import ON_ITS_SIDE, ORIENTATION

if TYPE_CHECKING:
    from PIL.Image import Image

#: The formats of which smaller pictures are made; a camera's JPEG may hold further ones (MPO).
SHRUNK = ("JPEG", "MPO", "PNG", "WEBP")

#: WebP's own measure, 0 to 100; at 80 few see a difference.
QUALITY = 80

#: WebP holds no longer side (RFC 9649).
LONGEST = 16_383

#: A drawing or a screenshot has no more colours than this once it is smaller, and its edges stay clean.
_FEW_COLOURS = 4096


#: What cameras and programs tell in EXIF: place, maker, model, artist, machine (EXIF 3.0, 4.6).
_TELLING = frozenset((0x8825, 0x010F, 0x0110, 0x013B, 0x013C))


class Facts(Struct, frozen=True, kw_only=True):
    """What is found out about a picture without its pixels."""

    format: str
    size: tuple[int, int]  #: width and height, as a browser shows it
    turned: bool  #: its EXIF says that it is to be turned or mirrored
    animated: bool
    telling: bool  #: its EXIF says where, with what or by whom it was made


def facts_of(image: Image) -> Facts:
    """Tell what stands in the head of an opened picture."""
    exif = image.getexif()
    orientation = exif.get(ORIENTATION, 1)
    width, height = image.size
    return Facts(
        format=image.format or "",
        size=(height, width) if orientation in ON_ITS_SIDE else (width, height),
        turned=orientation in range(2, 9),
        # What cameras put beside a picture (MPO) is not its next frame.
        animated=bool(getattr(image, "is_animated", False)) and image.format != "MPO",
        telling=not _TELLING.isdisjoint(exif),
    )


class TooLargeError(ValueError):
    """What is taken for a decompression bomb, by its head alone."""


@contextlib.contextmanager
def opened(data: bytes) -> Iterator[Image]:
    """The picture, not yet decoded. Raises ValueError for whatever is wrong with it, decoding included."""
    from PIL import Image, UnidentifiedImageError

    try:
        # Its oddities don't matter, nor does its size as long as nobody decodes it.
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
            yield image
    except UnidentifiedImageError:
        raise ValueError("is no picture that can be read") from None
    except Image.DecompressionBombError:
        raise TooLargeError("has more pixels than are looked at") from None
    except Exception as error:  # of a broken file a decoder may make anything
        told = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"is broken: {told[:120]}") from None


def most_pixels() -> int:
    """From how many on a picture is taken for a decompression bomb."""
    from PIL import Image

    return Image.MAX_IMAGE_PIXELS or 89_478_485


def upright(data: bytes) -> bytes:
    """The picture saved again in its own format, turned as its EXIF says, with nothing but its pixels."""
    from PIL import ImageOps, JpegImagePlugin

    with opened(data) as image:
        options: dict[str, Any] = {"icc_profile": image.info.get("icc_profile"), "exif": b""}
        if isinstance(image, JpegImagePlugin.JpegImageFile):
            # As coarse as it was, and no coarser.
            options |= {"format": "JPEG", "qtables": image.quantization, "optimize": True}
            sampling = JpegImagePlugin.get_sampling(image)
            options |= {"subsampling": sampling} if sampling >= 0 else {}
        elif image.format == "WEBP":
            lossless = b"VP8L" in data[:64]
            options |= {"format": "WEBP", "lossless": lossless, "quality": 80 if lossless else 92, "xmp": b""}
        else:
            options |= {"format": image.format}
        turned = ImageOps.exif_transpose(image)
        turned.info.clear()
        out = io.BytesIO()
        turned.save(out, **options)
    return out.getvalue()


def smaller(data: bytes, widths: tuple[int, ...], *, shrink: bool = True) -> dict[int, bytes]:
    """The picture as WebP in each of `widths`, upright and in sRGB, without metadata.

    If not `shrink`, it is only seen whether this can be done, which takes far less.
    """
    from PIL import Image, ImageOps

    with opened(data) as image:
        width, height = facts_of(image).size
        widths = tuple(one for one in widths if _height(one, width, height) <= LONGEST)
        if not widths:
            return {}
        largest = max(widths)
        if image.format in ("JPEG", "MPO"):
            # A decoder that skips what is too fine to be seen is several times faster.
            sides = (largest, _height(largest, width, height))
            image.draft(None, sides if image.size == (width, height) else sides[::-1])
        plain = _plain(ImageOps.exif_transpose(image))
        made = {}
        for one in sorted(widths, reverse=True) if shrink else ():
            # From the next larger one: as good to the eye, and the work hardly grows with their number.
            plain = plain.resize((one, _height(one, width, height)), Image.Resampling.LANCZOS)
            made[one] = _webp(plain, lossless=image.format not in ("JPEG", "MPO"))
    return made


def _height(one: int, width: int, height: int) -> int:
    return max(1, round(one * height / width))


def _webp(image: Image, *, lossless: bool) -> bytes:
    clean = lossless and image.getcolors(_FEW_COLOURS) is not None
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, lossless=clean, icc_profile=b"", exif=b"", xmp=b"")
    return out.getvalue()


def _plain(image: Image) -> Image:
    """The picture in RGB or RGBA, in the colours of sRGB."""
    clear = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel and more
        image = image.convert("F").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if clear else "RGB")
    if profile:
        image = _in_srgb(image, profile)
    return image if image.mode == ("RGBA" if clear else "RGB") else image.convert("RGBA" if clear else "RGB")


def _in_srgb(image: Image, profile: bytes) -> Image:
    from PIL import ImageCms

    with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(own).lower():
            return image
        mode = image.mode if image.mode in ("RGB", "RGBA") else "RGB"
        turned = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
        return turned or image
    return image  # a broken profile says nothing
