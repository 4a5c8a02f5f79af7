"""What has changed since the last build: told by what is seen of the files without opening them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec.structs import replace

from sitegen.find import Found, Source, bundled_themes
from sitegen.identity import digest, identity_at
from sitegen.manifest import MANIFEST
from sitegen.report import Options, Report
from sitegen.store import FRAME, Store
from sitegen.survey import Survey
from sitegen.versions import INDEXING, READING, RENDERING, code_of, versions

NOTHING_CHANGED = "Nothing that goes into the site has changed since it was built last."

_encode = msgspec.json.Encoder(enc_hook=str).encode


def frame_of(site: Survey, options: Options) -> str:
    """A digest of all that goes into a build but the time, and what stands in the texts; "" when that can't
    be told without reading."""
    found = site.found
    if site.problems or found.problems:
        return ""
    options = replace(options, jobs=0, clean=False, explain="", now=Options().now)
    texts = [source.key for source in found.sources]
    assets = [(asset.path, asset.source, asset.identity) for asset in found.assets.values()]
    if not all(identity for _, _, identity in assets):
        return ""
    used = (*versions((*READING, *RENDERING, *INDEXING)), *code_of(site.config.markdown.extensions))
    return digest(_encode((options, site.config, texts, assets, _themes(site.folder), found.warnings, used)))


def _themes(folder: Path) -> list[tuple[str, str]]:
    """Every file of every theme that may be used, by its bytes: they are few and small."""
    places = (folder / "themes", bundled_themes())
    paths = sorted(path for place in places for path in place.rglob("*") if path.is_file())
    return [(str(path), digest(path.read_bytes())) for path in paths]


def last_report(store: Store, frame: str, options: Options, output: Path) -> Report | None:
    """What the last build told, if nothing but texts has changed since, and its output is as it left it."""
    if not frame or store.fact(FRAME) != frame.encode():
        return None
    report = msgspec.json.decode(store.fact("report"), type=Report)
    since, until = report.left_out.since, report.left_out.until
    due = until is not None and options.now >= until
    early = since is not None and options.now < since and not options.future
    seen = {MANIFEST: store.fact("manifest").decode(), **store.outputs()}
    # For every file it is asked, and a Path takes longer to make than to look up.
    if due or early or not all(old and old == identity_at(f"{output}/{path}") for path, old in seen.items()):
        return None
    return replace(report, written=0, deleted=0, store_was_damaged=store.damaged)


def edited(store: Store, found: Found) -> tuple[Source, ...]:
    """The texts that may have changed since they were read."""
    known = store.identities()
    return tuple(
        source for source in found.sources if not source.identity or known.get(source.key) != source.identity
    )


def remember(store: Store, frame: str, report: Report, output: Path) -> None:
    """Keep what `last_report` needs the next time."""
    with store.changes():
        store.put_fact(FRAME, frame.encode())
        store.put_fact("report", _encode(report))
        store.put_fact("manifest", identity_at(output / MANIFEST).encode())


def forget(store: Store) -> None:
    """Until it is done, a build must not be taken for the one before it."""
    store.put_fact(FRAME, b"")
