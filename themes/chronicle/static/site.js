// Nothing here is needed to read: it keeps the reader's colours, and mends what a disk leaves undone.
(() => {
  const root = document.documentElement;
  const wish = matchMedia("(prefers-color-scheme: dark)");

  // From a disk, or by the reader's choice, there may be nothing to remember with.
  const remembered = () => { try { return localStorage.getItem("scheme"); } catch { return null; } };
  const remember = (scheme) => {
    try {
      if (scheme) localStorage.setItem("scheme", scheme);
      else localStorage.removeItem("scheme");
    } catch {}
  };
  const system = () => (wish.matches ? "dark" : "light");
  const show = (scheme) => {
    if (scheme) root.dataset.scheme = scheme;
    else delete root.dataset.scheme;
    for (const button of document.querySelectorAll("[data-scheme-switch]")) {
      button.setAttribute("aria-pressed", (scheme || system()) === "dark");
    }
  };

  // Before anything is painted.
  root.dataset.script = "";
  show(remembered());

  // A picture that is not there leaves its words, or an empty place, instead of a torn page.
  addEventListener("error", ({ target }) => {
    if (target.localName === "img") target.classList.add("broken");
  }, true);

  addEventListener("storage", () => show(remembered())); // another tab
  wish.addEventListener?.("change", () => show(remembered()));

  document.addEventListener("DOMContentLoaded", () => {
    show(remembered());
    for (const button of document.querySelectorAll("[data-scheme-switch]")) {
      button.addEventListener("click", () => {
        const next = (root.dataset.scheme || system()) === "dark" ? "light" : "dark";
        // What the system would choose anyway needs no memory, and follows the system again.
        remember(next === system() ? "" : next);
        show(remembered() || next);
      });
    }

    if (location.protocol === "file:") {
      // A disk lists the folder where a server would send its index.html.
      for (const link of document.links) {
        if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
      }
      for (const form of document.forms) {
        form.action = form.action.replace(/\/(?=$|\?)/, "/index.html");
      }
    }
  });
})();
