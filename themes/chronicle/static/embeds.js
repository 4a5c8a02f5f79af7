// Loads a frozen post or video from its service, only when the reader asks for it.
(() => {
  const { label } = document.currentScript.dataset;

  // The address of a service's own frame for a post; "" where it has none that needs no script of its.
  const frames = [
    [/^https:\/\/(?:www\.|mobile\.)?(?:x|twitter)\.com\/.*\/status\/(\d+)/, "https://platform.twitter.com/embed/Tweet.html?dnt=true&id=$1"],
    [/^https:\/\/(?:www\.)?instagram\.com\/(p|reel|tv)\/([\w-]+)/, "https://www.instagram.com/$1/$2/embed/"],
    [/^https:\/\/(?:www\.)?tiktok\.com\/.*\/video\/(\d+)/, "https://www.tiktok.com/embed/v2/$1"],
    [/^https:\/\/(?:www\.)?threads\.(net|com)\/(@[\w.]+\/post\/[\w-]+)/, "https://www.threads.$1/$2/embed"],
    [/^https:\/\/(?:www\.|old\.)?reddit\.com\/(r\/\w+\/comments\/\w+)/, "https://embed.reddit.com/$1/"],
    [/^https:\/\/t\.me\/(\w+\/\d+)/, "https://t.me/$1?embed=1"],
    [/^https:\/\/([\w.-]+)\/(@[\w.@-]+\/\d+)\/?$/, "https://$1/$2/embed"],
  ];
  const frameOf = (figure) => {
    const address = figure.dataset.embed;
    if (figure.classList.contains("video")) return address.replace("//www.youtube.com/", "//www.youtube-nocookie.com/");
    if (/^https:\/\/(?:www\.|m\.)?facebook\.com\//.test(address)) return "https://www.facebook.com/plugins/post.php?href=" + encodeURIComponent(address);
    const known = frames.find(([pattern]) => pattern.test(address));
    return known ? address.match(known[0])[0].replace(...known) : "";
  };

  for (const figure of document.querySelectorAll("[data-embed]")) {
    const address = frameOf(figure);
    if (!address.startsWith("https://")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label.replace("{host}", new URL(address).hostname.replace(/^www\./, ""));
    button.addEventListener("click", () => {
      const frame = document.createElement("iframe");
      frame.src = address;
      frame.title = figure.querySelector("figcaption")?.textContent.trim() || button.textContent;
      frame.allow = "encrypted-media; fullscreen; picture-in-picture";
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      frame.setAttribute("sandbox", "allow-forms allow-popups allow-presentation allow-same-origin allow-scripts");
      // What has been read stays: who said it, when, and where.
      figure.querySelector("blockquote, a:has(img)")?.remove();
      button.replaceWith(frame);
      figure.prepend(frame);
      frame.focus();
    });
    figure.append(button);
  }
})();
