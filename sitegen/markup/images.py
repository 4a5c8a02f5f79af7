"""Pictures, videos and sounds: those of the site become references, others are lazy or links."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from sitegen.markup.addresses import host, kind_of, tidy
from sitegen.markup.draft import Draft, link, outermost, replace, replace_block
from sitegen.markup.links import GROUP


def settle_images(draft: Draft) -> None:
    if "<img" not in draft.tags and not draft.image:
        return
    for node in draft.css("img"):
        attributes = node.attributes
        src = attributes.get("src") or ""
        address = tidy(src)
        kind = kind_of(address)
        for name in ("srcset", "sizes", "crossorigin"):
            if name in attributes:
                del node.attrs[name]
        if kind == "internal":
            sized = bool(attributes.get("width") or attributes.get("height"))
            node.attrs["src"] = draft.refer("image", src, sized=sized)
        elif kind == "external":
            node.attrs["src"] = address
            node.attrs["referrerpolicy"] = "no-referrer"
        else:
            _remove_image(draft, node, src)
            continue
        node.attrs["loading"] = "lazy"
        node.attrs["decoding"] = "async"


def _remove_image(draft: Draft, node: LexborNode, src: str) -> None:
    scheme = src.strip().partition(":")[0][:20].lower()
    what = (
        f'a picture with an address of the kind "{scheme}:"' if ":" in src else "a picture without an address"
    )
    draft.notice(f"{what} was removed", GROUP, src[:60], "<img")
    node.replace_with(node.attributes.get("alt") or "")


def settle_media(draft: Draft) -> None:
    """Videos and sounds of the site are played in place; for others a link stands."""
    if "<video" not in draft.tags and "<audio" not in draft.tags:
        return
    for node in outermost(draft.css("video, audio")):
        sources = [node, *node.css("source, track")]
        internal = 0
        outside = ""
        for part in sources:
            for name in ("src", "poster"):
                address = part.attributes.get(name)
                if address is None:
                    continue
                if kind_of(tidy(address)) == "internal":
                    part.attrs[name] = draft.refer("link", address)
                    internal += name == "src" and part.tag != "track"
                else:
                    del part.attrs[name]
                    outside = outside or (tidy(address) if name == "src" else "")
            if part.tag in ("source", "track") and "src" not in part.attrs:
                part.decompose()
        _keep_or_link(draft, node, internal=bool(internal), outside=outside)


def _keep_or_link(draft: Draft, node: LexborNode, *, internal: bool, outside: str) -> None:
    tag = f"<{node.tag}"
    if internal:
        node.attrs["controls"] = None
        if outside:
            draft.notice(f"an address of another site was taken out of {tag}>", "embeds frozen", outside, tag)
    elif kind_of(outside) == "external":
        replace_block(node, f"<p>{link(outside, node.attributes.get('title') or host(outside))}</p>")
        draft.notice(f"{tag}> of {host(outside)} became a link", "embeds frozen", outside, tag)
    else:
        replace(node, node.inner_html or "")
        draft.notice(f"{tag}> without a file of this site was removed", "HTML removed", tag)
