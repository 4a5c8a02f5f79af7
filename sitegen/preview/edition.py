"""The site as it stood at one moment when nothing was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from sitegen.errors import SiteError
from sitegen.join import Joined, join
from sitegen.links import Addresses
from sitegen.make import Shapes
from sitegen.model import Page, Site
from sitegen.preview.bodies import Bodies, Press
from sitegen.preview.rejoin import rejoin
from sitegen.preview.seen import Seen, Wish
from sitegen.read import Choice
from sitegen.view import Library


class Edition(Struct, frozen=True, kw_only=True):
    seen: Seen
    joined: Joined
    library: Library
    pages: Mapping[str, Page]  #: by path
    shapes: Shapes

    @property
    def site(self) -> Site:
        return self.joined.site


def bring_out(seen: Seen, press: Press, wish: Wish, last: Edition | None = None) -> Edition:
    """The edition that follows `last`. Raises SiteError with everything that is wrong.

    Where only words of entries have changed since, all else is taken from the last one.
    """
    wrong = seen.mistakes()
    if last and wrong:  # to join the rest, only to find what more is wrong, would keep the writer waiting
        raise SiteError(wrong)
    choice = Choice(now=wish.now(), drafts=wish.drafts)
    rejoined = rejoin(last.joined, seen, choice) if last else None
    joined = rejoined or join(seen, choice, lazily=True)
    wrong += joined.contradictions()
    if wrong or seen.theme is None:
        raise SiteError(wrong)
    same = last if last and last.joined.pages is joined.pages else None
    addresses = _addresses(last, rejoined) if last and rejoined else Addresses(joined.site, joined.pages)
    library = Library(
        joined.site, seen.config, seen.theme, Bodies(press, seen.bodies), joined.pages, addresses
    )
    return Edition(
        seen=seen,
        joined=joined,
        library=library,
        pages=same.pages if same else {page.path: page for page in joined.pages},
        shapes=Shapes(library),
    )


def _addresses(last: Edition, joined: Joined) -> Addresses:
    """Every address of a site that was joined to the last edition."""
    known = last.library.addresses
    if joined.pages is last.joined.pages:
        return known
    if joined.linking is last.joined.linking:  # then the theme's files alone can be others
        gone, come = (
            {page.url for page in pages if page.kind == "theme-file"}
            for pages in (last.joined.pages, joined.pages)
        )
        return known.with_urls(gone, come)
    return Addresses(joined.site, joined.pages)
