// The search page: Pagefind's results, facets and paging. The form is the state, and the address mirrors it.
(() => {
  const STEP = 20; // results shown at once
  const SHORT = 12; // choices of a facet before "show all"
  const PAUSE = 150; // ms without a keystroke before searching

  const one = (name, within = document) => within.querySelector(`[data-${name}]`);
  const form = one("search");
  const field = form.elements.q;
  const status = one("status");
  const list = one("results");
  const more = one("more");
  const clear = one("clear");
  const filters = one("filters");
  const facets = [...form.querySelectorAll("[data-facet]")].map((box) => ({
    name: box.dataset.facet,
    box,
    list: box.querySelector("ul"),
    toggle: box.querySelector("button"),
    choices: new Map(), // value -> its <li>, made when first shown
    chosen: new Set(),
    open: false,
  }));

  let pagefind = null;
  let run = 0; // the latest search; answers to older ones are dropped
  let found = []; // all results of the latest search, not yet loaded
  let timer = 0;

  // --- the form and the address ---

  function address() {
    const query = new URLSearchParams();
    if (field.value.trim()) query.set("q", field.value.trim());
    for (const { name, chosen } of facets) for (const value of chosen) query.append(name, value);
    if (form.elements.sort.value) query.set("sort", form.elements.sort.value);
    const text = query.toString();
    return text ? "?" + text : location.pathname;
  }

  function restore() {
    const query = new URLSearchParams(location.search);
    field.value = query.get("q") || "";
    form.elements.sort.value = query.get("sort") || "";
    if (form.elements.sort.selectedIndex < 0) form.elements.sort.value = "";
    for (const facet of facets) facet.chosen = new Set(query.getAll(facet.name));
    search((history.state && history.state.shown) || STEP);
  }

  function go(step) {
    clearTimeout(timer);
    const next = address();
    const here = location.search || location.pathname;
    if (next !== here) history[step + "State"](null, "", next);
    search(STEP);
  }

  // --- searching ---

  function wanted(except) {
    const all = {};
    for (const { name, chosen } of facets) {
      if (name !== except && chosen.size) all[name] = { any: [...chosen] };
    }
    return all;
  }

  // Without words nothing is more relevant than anything else: the newest come first, and the menu says so.
  function sorted(query) {
    const [usual, newest] = form.elements.sort.options;
    usual.textContent = query ? usual.dataset.words : newest.textContent;
    newest.hidden = !query;
  }

  function ask(query, filters) {
    const order = form.elements.sort.value || (query ? "" : "newest");
    const options = { filters };
    if (order) options.sort = { date: order === "oldest" ? "asc" : "desc" };
    return pagefind.search(query || null, options);
  }

  async function search(count) {
    if (!pagefind) return;
    const mine = ++run;
    const query = field.value.trim();
    sorted(query);
    const idle = !query && !facets.some((facet) => facet.chosen.size);
    const slow = setTimeout(() => mine === run && say(status.dataset.loading), 300);
    try {
      const answer = idle ? { results: [] } : await ask(query, wanted());
      const shown = await Promise.all(answer.results.slice(0, count).map((result) => result.data()));
      if (mine !== run) return;
      found = answer.results;
      list.textContent = "";
      list.append(...shown.map((data) => entry(data, query)));
      state(idle ? "start" : found.length ? "" : "none");
      say(idle ? "" : text(status.dataset.found, found.length));
      one("order").hidden = !found.length;
      more.hidden = found.length <= shown.length;
      await narrow(mine, query, idle, answer);
    } catch (error) {
      if (mine === run) fail(error);
    } finally {
      clearTimeout(slow);
    }
  }

  // The counts of a facet tell what choosing one more of its values would bring, so its own choices don't count.
  async function narrow(mine, query, idle, answer) {
    const all = await pagefind.filters();
    for (const facet of facets) {
      let counts = all[facet.name] || {};
      if (!idle && facet.chosen.size) {
        counts = (await ask(query, wanted(facet.name))).filters[facet.name] || {};
      } else if (!idle) {
        // The first search may have run before the filters were there, and then it counted nothing.
        if (!Object.keys(answer.filters || {}).length) answer = await ask(query, wanted());
        counts = answer.filters[facet.name] || {};
      }
      if (mine !== run) return;
      offer(facet, counts);
    }
    clear.hidden = !facets.some((facet) => facet.chosen.size);
    filters.hidden = facets.every((facet) => facet.box.hidden);
  }

  // --- showing ---

  const text = (pattern, count) => pattern.replace("{count}", count.toLocaleString(document.documentElement.lang));

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  function state(name) {
    for (const part of document.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== name;
  }

  function entry(data, query) {
    const item = one("result").content.cloneNode(true);
    const link = one("title", item);
    const href = new URL(data.url, document.baseURI);
    link.href = href;
    link.textContent = data.meta.title || data.url;
    const image = one("image", item);
    if (data.meta.image) image.src = new URL(data.meta.image, href);
    else image.parentNode.remove();
    for (const name of ["date", "author"]) {
      const place = one(name, item);
      if (data.meta[name]) place.textContent = data.meta[name];
      else place.remove();
    }
    if (query || !data.meta.description) one("excerpt", item).append(...marked(data.excerpt));
    else one("excerpt", item).textContent = data.meta.description;
    return item;
  }

  // Of Pagefind's HTML only the marks are taken over; all else becomes text.
  function marked(html) {
    const body = new DOMParser().parseFromString(html, "text/html").body;
    return [...body.childNodes].map((node) => {
      if (node.nodeName !== "MARK") return document.createTextNode(node.textContent);
      const mark = document.createElement("mark");
      mark.textContent = node.textContent;
      return mark;
    });
  }

  function offer(facet, counts) {
    const focused = document.activeElement;
    const values = Object.keys(counts).filter((value) => counts[value] > 0);
    for (const value of facet.chosen) if (!values.includes(value)) values.push(value);
    values.sort((a, b) => (counts[b] || 0) - (counts[a] || 0) || a.localeCompare(b));
    // What is chosen, and what the reader's focus rests on, stays in sight.
    const held = facet.list.contains(focused) ? focused.value : null;
    const keep = (value, place) => facet.open || place < SHORT || facet.chosen.has(value) || value === held;
    const shown = values.filter(keep);
    if (shown.every((value) => /^\d{4}$/.test(value))) shown.sort().reverse();
    const items = shown.map((value) => choice(facet, value));
    for (const [place, value] of shown.entries()) {
      one("count", items[place]).textContent = (counts[value] || 0).toLocaleString(document.documentElement.lang);
      items[place].querySelector("input").checked = facet.chosen.has(value);
    }
    const same = items.length === facet.list.children.length && items.every((item, i) => item === facet.list.children[i]);
    if (!same) {
      facet.list.textContent = "";
      facet.list.append(...items);
      if (focused !== document.activeElement && focused.isConnected) focused.focus();
    }
    facet.box.hidden = !values.length;
    facet.toggle.hidden = values.length <= SHORT;
    facet.toggle.setAttribute("aria-expanded", facet.open);
    facet.toggle.textContent = facet.open ? facet.toggle.dataset.fewer : text(facet.toggle.dataset.all, values.length);
    facet.counts = counts;
  }

  function choice(facet, value) {
    let item = facet.choices.get(value);
    if (!item) {
      item = one("choice").content.cloneNode(true).firstElementChild;
      const box = item.querySelector("input");
      box.name = facet.name;
      box.value = value;
      one("name", item).textContent = value;
      facet.choices.set(value, item);
    }
    return item;
  }

  function fail(error) {
    const disk = location.protocol === "file:";
    if (!disk) console.error(error);
    list.textContent = "";
    for (const part of [more, filters, one("order")]) part.hidden = true;
    for (const why of document.querySelectorAll("[data-why]")) why.hidden = (why.dataset.why === "file") !== disk;
    state("failed");
    one("state=start").hidden = false;
    say("");
  }

  // --- what the reader does ---

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(go, PAUSE, "replace");
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go("push");
  });

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (box === field) return;
    const facet = facets.find(({ name }) => name === box.name);
    if (facet) facet.chosen[box.checked ? "add" : "delete"](box.value);
    go("push");
  });

  for (const facet of facets) {
    facet.toggle.addEventListener("click", () => {
      facet.open = !facet.open;
      offer(facet, facet.counts);
    });
  }

  clear.addEventListener("click", () => {
    for (const facet of facets) facet.chosen.clear();
    field.focus(); // the button is about to disappear
    go("push");
  });

  more.addEventListener("click", async () => {
    const mine = run;
    const from = list.children.length;
    try {
      const next = await Promise.all(found.slice(from, from + STEP).map((result) => result.data()));
      if (mine !== run || list.children.length !== from) return;
      list.append(...next.map((data) => entry(data, field.value.trim())));
      list.children[from].querySelector("a").focus();
      more.hidden = found.length <= list.children.length;
      history.replaceState({ shown: list.children.length }, "");
    } catch (error) {
      fail(error);
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input[type=search], select, textarea")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  window.addEventListener("popstate", restore);

  async function start() {
    say(status.dataset.loading);
    // On a wide screen the facets stand beside the results and are in nobody's way.
    filters.open = matchMedia("(min-width: 60rem)").matches;
    try {
      if (location.protocol === "file:") throw new Error("modules can't be loaded from file:");
      const loaded = await import(new URL(form.dataset.pagefind, document.baseURI));
      // Pagefind would take the folder above its bundle for the site's root.
      await loaded.options({ baseUrl: new URL(".", new URL(form.dataset.root, document.baseURI)).pathname });
      await loaded.init();
      pagefind = loaded;
    } catch (error) {
      return fail(error);
    }
    // Words typed while it loaded win over those of the address.
    if (field.value.trim() && field.value.trim() !== new URLSearchParams(location.search).get("q")) go("replace");
    else restore();
  }

  start();
})();
