"""What --fix does: each file is changed as little as can be, or left as it is; written whole, by rename."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from PIL import Image

from sitegen.check.carriers import scrub
from sitegen.check.names import TAGS, Alike, alike, spelt_otherwise
from sitegen.check.rule import Archive
from sitegen.edit import CannotEditError, add, in_file, put, rename
from sitegen.errors import Problem, SiteError, told
from sitegen.find import CONTENT, Found
from sitegen.markup.engines import UNWANTED

#: Takes a file's bytes and returns them mended, or raises CannotEditError.
Mend = Callable[[bytes], bytes]


def fix(folder: Path, found: Found, archive: Archive, findings: Iterable[Problem]) -> list[Problem]:
    """Mend what can be mended of `findings`; returns those that were, told as done."""
    places = {source.file: source.path for source in found.sources}
    places |= {f"{CONTENT}/{path}": asset.source for path, asset in found.assets.items()}
    codes: defaultdict[tuple[str, Mend], set[str]] = defaultdict(set)
    for finding in findings:
        if finding.group in _MENDS and finding.file in places:
            codes[finding.file, _MENDS[finding.group]].add(finding.group)
    mended = [
        _done(file, _DONE[code], code)
        for (file, mend), found_here in codes.items()
        if _rewrite(Path(places[file]), mend)
        for code in sorted(found_here)
    ]
    return [*mended, *_merge(folder, places, archive), *_respell(places, archive)]


def _done(file: str, what: str, code: str) -> Problem:
    return Problem(file=file, message=what, group=code)


def _rewrite(path: Path, mend: Mend) -> bool:
    """Put a mended file in the place of the old one; False if it can't be mended or needs no mending."""
    data = path.read_bytes()
    try:
        mended = mend(data)
    except (CannotEditError, SiteError, UnicodeDecodeError):
        return False
    if mended == data:
        return False
    with told("a file can not be mended"):
        _replace(path.resolve(), mended)
    return True


def _replace(path: Path, data: bytes) -> None:
    """Write a whole file beside the old one and move it there, with the same rights."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if path.exists():
            shutil.copymode(path, beside)
        else:
            beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def _umask() -> int:
    """The rights that new files lack here; they can only be had by setting them."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


# --- texts -----------------------------------------------------------------------------------------------


def _even_endings(data: bytes) -> bytes:
    """Every line ended as most are."""
    usual = Counter(re.findall(rb"\r\n|\r|\n", data)).most_common(1)[0][0]
    return re.sub(rb"\r\n|\r|\n", lambda _: usual, data)


def _without_control(data: bytes) -> bytes:
    text = data.decode("utf-8")
    start = text.startswith("\ufeff")
    return (text[:start] + UNWANTED.sub(_meant, text[start:])).encode()


def _meant(found: re.Match[str]) -> str:
    """What a control character stands for: U+0080 to U+009F are Windows-1252 that was taken for Latin-1."""
    sign = found[0]
    if sign in "\x0b\x0c":
        return " "
    return sign.encode("latin-1").decode("cp1252", "ignore") if "\x80" <= sign <= "\x9f" else ""


# --- pictures --------------------------------------------------------------------------------------------


def _without_traces(data: bytes) -> bytes:
    """Places and people taken out of the metadata, if the picture is provably the same without them."""
    scrubbed = scrub(data).data
    if _pixels(scrubbed) != _pixels(data):
        raise CannotEditError
    return scrubbed


def _pixels(data: bytes) -> tuple[object, ...]:
    try:
        with Image.open(io.BytesIO(data)) as image:
            frames = getattr(image, "n_frames", 1)
            turned = image.getexif().get(0x0112)
            return (image.size, image.mode, frames, turned, image.tobytes())
    except Exception:  # Pillow raises much, and a picture that it can't open is left alone
        raise CannotEditError from None


# --- tags ------------------------------------------------------------------------------------------------


def _merge(folder: Path, places: dict[str, str], archive: Archive) -> Iterator[Problem]:
    """Tags that surely mean the same: a profile of the one that is kept names the others."""
    pairs = [pair for pair in alike(archive) if pair.sure]
    others = {pair.other.slug for pair in pairs}
    for pair in pairs:
        # One that is to go itself can't take another in; the next round finds what is left.
        if pair.kept.slug not in others and not pair.other.profiles:
            yield from _merge_pair(folder, places, archive, pair)


def _merge_pair(folder: Path, places: dict[str, str], archive: Archive, pair: Alike) -> Iterator[Problem]:
    first = archive.site.languages[0]
    name = pair.kept.names[first]
    more = sorted({*pair.other.names.values()} - {name})
    profiles = pair.kept.profiles
    key = profiles.get(first) or next(iter(profiles.values()), "")
    file = f"{CONTENT}/{key or f'{archive.config.taxonomies[TAGS].profiles}/{pair.kept.slug}.md'}"
    if file in places:
        done = _rewrite(Path(places[file]), partial(in_file, change=lambda text: add(text, "aliases", more)))
    else:
        profile = add(put("---\nname:\n---\n", "name", name), "aliases", more)
        done = _create(folder / file, profile.encode())
    if done:
        named = ", ".join(f'"{one}"' for one in more)
        yield _done(file, f'{named} means "{name}" from now on, and its address leads there', "tag-alike")


def _create(path: Path, data: bytes) -> bool:
    """Write a new file; False if something is there already."""
    with told("a profile can not be written"):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            return False
        _replace(path, data)
    return True


def _respell(places: dict[str, str], archive: Archive) -> Iterator[Problem]:
    """Write tags as the site shows them."""
    field = archive.config.taxonomies[TAGS].field
    for entry, name, usual in spelt_otherwise(archive):
        file = f"{CONTENT}/{entry.key}"
        change = partial(rename, key=field, old=name, new=usual)
        if "," not in usual and _rewrite(Path(places[file]), partial(in_file, change=change)):
            yield _done(file, f'the tag "{name}" is written "{usual}" now', "tag-spelling")


_MENDS: Mapping[str, Mend] = {
    "line-endings": _even_endings,
    "control-character": _without_control,
    "picture-gps": _without_traces,
    "picture-name": _without_traces,
}

_DONE = {
    "line-endings": "all its lines end alike now",
    "control-character": "control characters were taken out",
    "picture-gps": "its metadata no longer tell where it was taken",
    "picture-name": "its metadata no longer name anybody",
}
