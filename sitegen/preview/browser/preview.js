// The preview's script. It comes into pages as they are served; no built file has it.
(() => {
  "use strict";
  const page = document.currentScript.dataset;
  const plain = (path) => {
    try {
      return decodeURI(path).normalize();
    } catch {
      return path;
    }
  };
  const here = plain(location.pathname.replace(/\/index\.html$/, "/"));
  const scroll = `sitegen scroll ${here}`;

  // --- the page itself ---

  const reload = () => {
    sessionStorage.setItem(scroll, JSON.stringify([scrollX, scrollY]));
    location.reload();
  };

  const goBackToPlace = () => {
    const place = sessionStorage.getItem(scroll);
    if (place === null) return;
    sessionStorage.removeItem(scroll);
    history.scrollRestoration = "manual";
    const go = () => scrollTo({ left: JSON.parse(place)[0], top: JSON.parse(place)[1], behavior: "instant" });
    go();
    addEventListener("load", () => {
      go();
      history.scrollRestoration = "auto";
    });
  };

  // The theme's files lie in a folder whose name changes with them.
  const bare = (url) => plain(new URL(url, location.href).pathname).replace(/^\/assets\/[0-9a-f]{10}\//, "/assets/");

  const swapSheet = (url) => {
    const links = [...document.querySelectorAll('link[rel~="stylesheet"][href]')];
    const found = links.filter((link) => bare(link.href) === bare(url));
    for (const old of found) {
      const fresh = old.cloneNode();
      fresh.href = `${url}?${Date.now()}`;
      fresh.addEventListener("load", () => old.remove());
      old.after(fresh);
    }
    return found.length > 0;
  };

  const includes = (url) =>
    performance.getEntriesByType("resource").some((one) => one.name.startsWith(location.origin) && bare(one.name) === bare(url));

  const takeUp = (changed) => {
    if ([here, `${here}/`, `${here}index.html`].some((url) => changed.includes(url))) return reload();
    for (const url of changed) {
      if (url.endsWith(".css") && swapSheet(url)) continue;
      if (includes(url)) return reload();
    }
  };

  // --- mistakes ---

  let overlay = null;

  const showMistakes = () => {
    if (page.kind === "mistakes") return reload();
    hideMistakes();
    overlay = document.createElement("div");
    overlay.id = "_sitegen-mistakes";
    const root = overlay.attachShadow({ mode: "open" });
    root.innerHTML = `<style>
      :host { position: fixed; inset: 0; z-index: 2147483647; }
      iframe { width: 100%; height: 100%; border: 0; background: Canvas; }
      button { position: absolute; top: .6rem; right: 1.4rem; font: .9rem system-ui, sans-serif; padding: .4rem .8rem; }
      @media print { :host { display: none; } }
    </style><iframe title="What is wrong" src="/_sitegen/problems"></iframe><button type="button">Show the page</button>`;
    root.querySelector("button").addEventListener("click", hideMistakes);
    document.body.append(overlay);
  };

  const hideMistakes = () => {
    overlay?.remove();
    overlay = null;
  };

  // --- what writers want to know ---

  const make = (name, text, values = {}) => Object.assign(document.createElement(name), { textContent: text }, values);

  const missingBar = () => {
    const bar = make("div", page.missing_why || `There is no page ${page.missing}. `, { className: "bar" });
    const near = page.near ? page.near.split(" ") : [];
    near.forEach((url, place) => bar.append(place ? ", " : " Is it ", make("a", plain(url), { href: url })));
    bar.append(near.length ? "?" : "");
    return bar;
  };

  const showFacts = () => {
    if (page.kind === "mistakes") return;
    const host = document.createElement("div");
    host.id = "_sitegen-preview";
    host.lang = "en";
    host.dir = "ltr";
    const root = host.attachShadow({ mode: "open" });
    root.innerHTML = `<style>
      :host { all: initial; color-scheme: light dark; font: .8rem/1.5 system-ui, sans-serif; }
      .bar { position: sticky; top: 0; padding: .35rem 1rem; background: #7a4b00; color: #fff; text-align: center; }
      details { position: fixed; bottom: .5rem; inset-inline-end: .5rem; z-index: 2147483646; max-width: min(26rem, 90vw);
        background: light-dark(#fff, #2a2826); color: light-dark(#1c1b1a, #eceae7); border: 1px solid #8886;
        border-radius: .4rem; padding: .15rem .6rem; overflow-wrap: anywhere; }
      summary { cursor: pointer; opacity: .85; }
      p { margin: .3rem 0; }
      ul { margin: .3rem 0; padding-inline-start: 1.2rem; }
      a { color: inherit; }
      button { font: inherit; }
      @media print { :host { display: none; } }
    </style>`;
    if (page.missing) root.append(missingBar());
    if (page.draft) root.append(make("div", "This is a draft. It is not part of the site that is published.", { className: "bar" }));
    const facts = make("details", "");
    const warnings = JSON.parse(page.warnings || "[]");
    const count = warnings.length === 1 ? " · 1 warning" : warnings.length ? ` · ${warnings.length} warnings` : "";
    facts.append(make("summary", `preview${count}`));
    if (count) {
      const list = make("ul", "", { dir: "auto" });
      list.append(...warnings.map((told) => make("li", told)));
      facts.append(list);
    }
    if (page.source) {
      const line = make("p", "Source: ");
      line.append(page.editor ? make("a", page.source, { href: page.editor }) : page.source);
      if (page.path && navigator.clipboard) {
        const copy = make("button", "Copy the path", { type: "button" });
        copy.addEventListener("click", async () => {
          await navigator.clipboard.writeText(page.path);
          copy.textContent = "Copied";
        });
        line.append(" ", copy);
      }
      facts.append(line);
    }
    if (page.ms) facts.append(make("p", `Rendered in ${page.ms} ms.`));
    if (page.why) facts.append(make("p", `Rendered again because ${page.why}.`));
    root.append(facts);
    document.body.prepend(host);
    return root;
  };

  // The search page says when its index is older than the text.
  const watchSearch = (root) => {
    const bar = make("div", "", { className: "bar", hidden: true });
    bar.setAttribute("role", "status");
    root.prepend(bar);
    let before = null;
    const look = async () => {
      const { state, working, failed } = await (await fetch("/_sitegen/search")).json();
      const wait = working ? "It is being made now." : failed ? "It could not be made." : "It is made once nothing changes for 5 seconds.";
      const told = {
        none: `There is no search index yet. ${wait}`,
        older: `The search index is older than the text. ${wait}`,
        fresh: before && before !== "fresh" ? "The search index is up to date now. Reload the page to use it." : "",
      };
      if (state !== "fresh" || before) bar.textContent = told[state] || bar.textContent;
      bar.hidden = !bar.textContent;
      before = state;
    };
    const again = () => look().catch(() => {});
    again();
    setInterval(again, 2000);
  };

  // --- what the server tells ---

  const heard = async (name, data) => {
    if (name === "problem") return showMistakes();
    if (name === "reload") {
      hideMistakes();
      return page.kind === "mistakes" ? reload() : takeUp(JSON.parse(data).changed);
    }
    // What happened before anybody listened is seen by the page's ETag; what is wrong is told next.
    hideMistakes();
    if (page.etag) {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      const etag = answer.headers.get("etag") || "";
      if (etag && !etag.startsWith(`"${page.etag}`)) reload();
    }
    page.listening = "yes";
  };

  // A browser allows but six lines to a host: without a worker, only pages that somebody looks at hold one.
  const listenAlone = () => {
    let events = null;
    const settle = () => {
      if (document.hidden === !events) return;
      events?.close();
      events = document.hidden ? null : new EventSource("/_sitegen/events");
      for (const name of ["open", "reload", "problem"]) events?.addEventListener(name, (event) => heard(name, event.data));
    };
    settle();
    document.addEventListener("visibilitychange", settle);
    const end = () => {
      document.removeEventListener("visibilitychange", settle);
      events?.close();
    };
    addEventListener("pagehide", end, { once: true });
  };

  const listen = () => {
    let worker;
    try {
      worker = new SharedWorker("/_sitegen/worker.js");
    } catch {
      return listenAlone(); // some browsers have none
    }
    worker.onerror = listenAlone;
    worker.port.onmessage = ({ data: { name, data } }) => heard(name, data);
    addEventListener("pagehide", () => worker.port.postMessage("goodbye"), { once: true });
  };

  // A page that the browser kept while another was looked at.
  addEventListener("pageshow", (event) => event.persisted && listen());

  goBackToPlace();
  const root = showFacts();
  if (page.kind === "search") watchSearch(root);
  listen();
})();
