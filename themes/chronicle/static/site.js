// Nothing here is needed to read: it mends what a disk, or an older browser, leaves undone.
(() => {
  const root = document.documentElement;
  // A CSP may forbid style attributes, not this; style.css reads data-accent itself where browsers can.
  root.style.setProperty("--accent", root.dataset.accent);

  if (location.protocol === "file:") {
    // A disk lists the folder where a server would send its index.html.
    for (const link of document.links) {
      if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
    }
    for (const form of document.forms) {
      form.action = form.action.replace(/\/(?=$|\?)/, "/index.html");
    }
  }

  // A box that scrolls must be within reach of the keyboard.
  for (const box of document.querySelectorAll(".table")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
})();
