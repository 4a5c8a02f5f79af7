// The search page: results, facets and paging. The form is the state, and the address mirrors it. Each language
// has a Pagefind of its own; those of other languages answer only when asked. Where Pagefind can't be loaded, as
// from a disk, small.js answers in its place from a small index of titles.
(async () => {
  const STEP = 10; // results shown at once: each is a file to load
  const SHORT = 12; // choices of a facet before "show all"
  const PAUSE = 150; // ms without a keystroke before searching

  const one = (name, within = document) => within.querySelector(`[data-${name}]`);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const root = document.documentElement;
  const given = document.currentScript.dataset;
  const page = root.lang.toLowerCase();
  const bundle = new URL(given.bundle, document.baseURI);
  const top = new URL(".", new URL(given.root, document.baseURI)); // the site's root
  const disk = location.protocol === "file:";
  // language -> the script that holds its small index
  const titles = new Map(given.titles.split(" ").map((one) => one.split("=")));
  let small = false; // small.js answers
  let lost = false; // a part of the index could not be loaded
  const engines = new Map(); // language -> promise of its Pagefind
  let own = ""; // the language this page searches
  let languages = []; // all that can be searched; none before the search is ready
  let run = 0; // the latest search; answers to older ones are dropped
  let answers = []; // the latest search: for each language its results, not yet loaded
  let timer = 0;

  // Pagefind takes a part that can't be loaded for one in which nothing is found: readers must be told the truth.
  const usualFetch = self.fetch;
  self.fetch = async (address, ...rest) => {
    const { href } = new URL(address.url || address, document.baseURI);
    if (!href.startsWith(new URL(".", bundle))) return usualFetch(address, ...rest);
    const name = href.replace(/^.*\/|\?.*$/g, "");
    const waiting = early.get(name);
    early.delete(name);
    return waiting || part(address, ...rest);
  };

  async function part(address, how) {
    try {
      const answer = await usualFetch(address, how);
      // Some hosts send a page in place of what they don't have.
      if (!answer.ok || /^text\/html/.test(answer.headers.get("content-type"))) lost = true;
      return new Response(await unpacked(await answer.arrayBuffer()), answer);
    } catch (error) {
      lost = true;
      throw error;
    }
  }

  // Pagefind unpacks in script, which takes longer, but not what some hosts have the browser unpack.
  async function unpacked(data) {
    const [first, second] = new Uint8Array(data);
    if (!self.DecompressionStream || first !== 0x1f || second !== 0x8b) return data;
    return new Response(new Response(data).body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  }

  // Pagefind asks for each of its parts only when it has the one before, and every time a reader far from the host
  // would wait for the whole way there and back.
  const early = new Map(); // name -> promise of the answer to what Pagefind is about to ask for
  const expect = (name, how) => early.set(name, part(new URL(name, bundle), how)).get(name);

  async function look() {
    if (disk) throw new Error("modules can't be loaded from a disk");
    const entry = await expect("pagefind-entry.json", { cache: "no-cache" });
    const known = (await entry.clone().json()).languages;
    languages = Object.keys(known).sort((a, b) => known[b].page_count - known[a].page_count);
    // As Pagefind does: the page's language, with or without its region, else that of the most pages.
    own = [page, page.split("-")[0], languages[0]].find((language) => known[language]);
    if (!own) return;
    expect(`pagefind.${known[own].hash}.pf_meta`);
    expect(`wasm.${known[own].wasm || "unknown"}.pagefind`);
  }

  // All this goes on while the page still loads. Its own language is most likely the one that is wanted.
  const looked = look();
  looked.catch(() => {});
  if (!disk) {
    engines.set(page, load(page));
    engines.get(page).catch(() => {});
  }
  if (document.readyState === "loading") {
    await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
  }

  const form = one("search");
  const field = form.elements.q;
  const every = form.elements.all; // only where the site has several languages
  const status = one("status");
  const list = one("results");
  const more = one("more");
  const clear = one("clear");
  const filters = one("filters");
  const [from, until] = form.querySelectorAll("[data-range] input");
  const facets = [...form.querySelectorAll("[data-facet]")].map((box) => ({
    name: box.dataset.facet,
    box,
    list: box.querySelector("ul"),
    toggle: box.querySelector("button"),
    choices: new Map(), // value -> its <li>, made when first shown
    chosen: new Set(),
    open: false,
  }));

  // --- the form and the address ---

  function address() {
    const query = new URLSearchParams();
    if (field.value.trim()) query.set("q", field.value.trim());
    for (const { name, chosen } of facets) for (const value of chosen) query.append(name, value);
    if (from.value) query.set("from", from.value);
    if (until.value) query.set("to", until.value);
    if (form.elements.sort.value) query.set("sort", form.elements.sort.value);
    if (every && every.checked) query.set("all", "1");
    const text = query.toString();
    return text ? "?" + text : location.pathname;
  }

  function restore() {
    const query = new URLSearchParams(location.search);
    field.value = query.get("q") || "";
    form.elements.sort.value = query.get("sort") || "";
    if (form.elements.sort.selectedIndex < 0) form.elements.sort.value = "";
    from.value = query.get("from");
    until.value = query.get("to");
    if (every) every.checked = query.has("all");
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

  const ranged = () => from.value !== "" || until.value !== "";
  const narrowed = () => ranged() || facets.some((facet) => facet.chosen.size);

  // A range of years is a choice of all years in it, and narrows down those that are chosen.
  async function wanted(except) {
    const chosen = facets.filter((facet) => facet.name !== except && facet.chosen.size);
    const any = Object.fromEntries(chosen.map((facet) => [facet.name, [...facet.chosen]]));
    if (ranged()) {
      const within = (year) => year >= (from.value || -1e4) && year <= (until.value || 1e4);
      any.year = (any.year || Object.keys(await everyYear())).filter(within);
      if (!any.year.length) any.year = ["none"];
    }
    return Object.fromEntries(Object.entries(any).map(([name, values]) => [name, { any: values }]));
  }

  const everyYear = async () => counted("year", await asked((engine) => engine.filters()));

  // Without words nothing is more relevant than anything else: the newest come first, and the menu says so.
  function sorted(query) {
    const [usual, newest] = form.elements.sort.options;
    usual.textContent = query ? usual.dataset.words : newest.textContent;
    newest.hidden = !query;
  }

  function order(query = field.value.trim()) {
    return form.elements.sort.value || (query ? "" : "newest");
  }

  // Within one module all instances share the stemmer that was loaded first; another fragment makes another module.
  async function load(language) {
    const module = await import(`${bundle}#${language}`);
    const lang = root.lang;
    root.lang = language; // Pagefind looks here, at this very moment, for the language to search
    const engine = module.createInstance({
      baseUrl: top.pathname, // it would take the folder above its bundle for the site's root
      ranking: { metaWeights: { image: 0 } },
      noWorker: true, // a second copy of its script to load, for work that takes milliseconds
    });
    root.lang = lang;
    await engine.init();
    // It looks but every 50 ms whether it is ready; asked in turns, the first that finds it so is late by 10.
    await Promise.race([0, 10, 20, 30, 40].map((ms) => pause(ms).then(() => engine.preload(""))));
    return engine;
  }

  // A classic script, since from a disk nothing else can be loaded.
  function script(address) {
    return new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = new URL(address, document.baseURI);
      element.onload = done;
      element.onerror = () => failed(new Error(`${address} can't be loaded`));
      document.head.append(element);
    });
  }

  async function loadSmall(language) {
    await Promise.all([self.smallSearch || script(given.small), script(titles.get(language))]);
    return self.smallSearch(self.sitegen_titles[language], { language, root: top.href, files: disk });
  }

  // Once Pagefind has failed it isn't tried again: what it needs isn't there, or this browser can't run it.
  async function useSmall(error) {
    if (small) throw error;
    if (!disk) console.warn(error);
    small = true;
    engines.clear();
    languages = [...titles.keys()];
    own = root.lang;
    await asked((engine) => engine);
    for (const note of document.querySelectorAll("[data-note]")) note.hidden = (note.dataset.note === "file") !== disk;
  }

  function asked(what) {
    return Promise.all((every && every.checked ? languages : [own]).map(async (language) => {
      if (!engines.has(language)) engines.set(language, (small ? loadSmall : load)(language));
      return what(await engines.get(language), language);
    }));
  }

  function ask(query, filters) {
    const options = { filters };
    const by = order(query);
    if (by) options.sort = { date: by === "oldest" ? "asc" : "desc" };
    return asked(async (engine, language) => {
      const { results, filters } = await engine.search(query || null, options);
      return { filters, results: results.filter((result) => !query || meant(result)).map((result) => ({ result, language })) };
    });
  }

  // Pagefind finds words in all it knows of a page, but those in its picture's path say nothing.
  const meant = ({ words, matchedMetaFields = [] }) => words.length || matchedMetaFields.some((name) => name !== "image");

  // The first of all languages together, still loading. A result tells its date only when loaded, so by date each
  // language offers as many, and all are waited for.
  async function first(count) {
    const by = order();
    let best = answers.flatMap(({ results }) => (by ? results.slice(0, count) : results));
    if (!by) best = best.sort((a, b) => b.result.score - a.result.score).slice(0, count);
    best = best.map(async ({ result, language }) => ({ ...(await result.data()), language }));
    if (!by || answers.length < 2) return best;
    const time = ({ meta }) => Date.parse(meta.time) || 0;
    best = await Promise.all(best);
    return best.sort((a, b) => (by === "oldest" ? time(a) - time(b) : time(b) - time(a))).slice(0, count);
  }

  const total = () => answers.reduce((sum, { results }) => sum + results.length, 0);

  async function search(count) {
    if (!languages.length) return;
    const mine = ++run;
    const query = field.value.trim();
    sorted(query);
    const idle = !query && !narrowed();
    list.setAttribute("aria-busy", true);
    const slow = setTimeout(() => mine === run && say(status.dataset.loading), 300);
    try {
      const next = idle ? [] : await ask(query, await wanted());
      if (lost && !small) throw new Error("a part of the index can't be loaded");
      if (mine !== run) return;
      answers = next;
      const loading = await first(count);
      const loaded = Promise.all(loading);
      await Promise.race([loading[0], loaded]);
      if (mine !== run) return;
      clearTimeout(slow);
      list.textContent = "";
      state(idle ? "start" : total() ? "" : "none");
      say(idle ? "" : text(status.dataset.found, total()));
      one("order").hidden = !total();
      more.hidden = true;
      for (const result of loading) {
        // Each is shown as soon as it is there, but if any can't be loaded, none is waited for.
        const data = await Promise.race([result, loaded]);
        if (mine !== run) return;
        list.append(entry(data, query));
      }
      list.removeAttribute("aria-busy");
      more.hidden = total() <= loading.length;
      await narrow(mine, query, idle);
    } catch (error) {
      clearTimeout(slow);
      if (mine === run) await useSmall(error).then(() => search(count), fail);
    }
  }

  function counted(name, all) {
    const sums = {};
    for (const filters of all) for (const value in filters[name]) sums[value] = (sums[value] || 0) + filters[name][value];
    return sums;
  }

  // The counts of a facet tell what choosing one more of its values would bring, so its own choices don't count.
  async function narrow(mine, query, idle) {
    const filtersOf = async (filters) => (await ask(query, filters)).map((answer) => answer.filters);
    const all = await asked((engine) => engine.filters());
    if (mine !== run) return;
    // The search may have run before all filters were there, and then it counted but some.
    const ready = answers.every(({ filters }, i) => Object.keys(filters).length === Object.keys(all[i]).length);
    const usual = idle ? all : ready ? answers.map(({ filters }) => filters) : await filtersOf(await wanted());
    for (const facet of facets) {
      const counts = counted(facet.name, !idle && facet.chosen.size ? await filtersOf(await wanted(facet.name)) : usual);
      if (mine !== run) return;
      offer(facet, counts);
    }
    range(Object.keys(counted("year", all)).sort());
    clear.hidden = !narrowed();
    settle(filters, !one("range").hidden || facets.some((facet) => !facet.box.hidden));
  }

  // Years sort as texts do, as long as they have four digits each.
  function range(years) {
    one("range").hidden = years.length < 2 && !ranged();
    for (const [field, year] of [[from, years[0]], [until, years[years.length - 1]]]) {
      field.placeholder = year || "";
      field.min = years[0] || "";
      field.max = years[years.length - 1] || "";
    }
  }

  // --- showing ---

  const text = (pattern, count) => pattern.replace("{count}", count.toLocaleString(root.lang));

  function say(words) {
    if (status.textContent !== words) status.textContent = words;
  }

  // What is not ready keeps its place, so that nothing moves when it comes.
  const settle = (part, is) => part.toggleAttribute("data-ready", is);

  function state(name) {
    for (const part of document.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== name;
  }

  function entry(data, query) {
    const item = one("result").content.cloneNode(true);
    const link = one("title", item);
    const href = new URL(data.url, document.baseURI);
    if (page.startsWith(data.language.toLowerCase())) one("language", item).parentNode.remove();
    else foreign(item, data.language);
    const forms = query && found(data, query);
    if (forms) href.searchParams.set("found", forms);
    link.href = href;
    link.append(...emphasised(data.meta.title || data.url, small ? query : forms));
    picture(one("image", item), data.meta.image && new URL(data.meta.image, href));
    for (const name of ["date", "author"]) {
      const place = one(name, item);
      if (data.meta[name]) place.textContent = data.meta[name];
      else place.parentNode.remove();
    }
    const words = (query && data.excerpt) || !data.meta.description ? marked(data.excerpt) : emphasised(data.meta.description, query);
    one("excerpt", item).append(...words);
    return item;
  }

  function picture(place, address) {
    if (!address) return place.remove();
    const image = new Image(320, 180);
    image.alt = "";
    image.loading = "lazy";
    image.onerror = () => place.remove();
    image.src = address;
    place.append(image);
  }

  function foreign(item, language) {
    item.firstElementChild.lang = language;
    one("words", item).dir = "auto";
    const named = form.querySelector(`[data-languages] [lang="${language}" i]`);
    one("language", item).textContent = named ? named.textContent : language;
  }

  // The words that were found, in the forms that the text has them in, for find.js to mark on the page itself.
  function found(data, query) {
    if (small) return query.split(/\s+/).map((word) => `${word}*`).join(" ");
    const text = (data.raw_content || data.content).split(/[\r\n\s]+/);
    const forms = [...data.locations.map((place) => text[place] || ""), ...query.split(/\s+/)];
    const plain = forms.map((word) => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""));
    return [...new Set(plain)].filter(Boolean).slice(0, 12).join(" ");
  }

  // A text with marks where its words begin with those of the query.
  function emphasised(text, query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return text.split(/([\p{L}\p{M}\p{N}]+)/u).map((part) => {
      return words.some((word) => part.toLowerCase().startsWith(word)) ? mark(part) : document.createTextNode(part);
    });
  }

  function mark(text) {
    const element = document.createElement("mark");
    element.textContent = text;
    return element;
  }

  // Of Pagefind's HTML only the marks are taken over; all else becomes text.
  function marked(html) {
    const body = new DOMParser().parseFromString(html, "text/html").body;
    return [...body.childNodes].flatMap((node) => {
      if (node.nodeName !== "MARK") return [document.createTextNode(node.textContent)];
      // It marks the signs around a word, too.
      const [, before, word, after] = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su.exec(node.textContent);
      return [document.createTextNode(before), mark(word), document.createTextNode(after)];
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
      one("count", items[place]).textContent = (counts[value] || 0).toLocaleString(root.lang);
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
    console.error(error);
    list.textContent = "";
    list.removeAttribute("aria-busy");
    for (const part of [more, filters, one("order")]) part.hidden = true;
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
    from.value = until.value = "";
    field.focus(); // the button is about to disappear
    go("push");
  });

  more.addEventListener("click", async () => {
    const mine = run;
    const from = list.children.length;
    try {
      const next = await Promise.all((await first(from + STEP)).slice(from));
      if (mine !== run || list.children.length !== from) return;
      list.append(...next.map((data) => entry(data, field.value.trim())));
      list.children[from].querySelector("a").focus();
      more.hidden = total() <= list.children.length;
      history.replaceState({ shown: list.children.length }, "");
    } catch (error) {
      fail(error);
    }
  });

  window.addEventListener("popstate", restore);

  async function start() {
    say(status.dataset.loading);
    if (location.search) state("");
    // On a wide screen the facets stand beside the results and are in nobody's way.
    filters.open = matchMedia("(min-width: 60rem)").matches;
    try {
      await looked;
    } catch (error) {
      try {
        await useSmall(error);
      } catch (worse) {
        return fail(worse);
      }
    }
    if (every) settle(one("languages"), languages.length > 1);
    // Words typed while it loaded win over those of the address.
    if (field.value.trim() && field.value.trim() !== new URLSearchParams(location.search).get("q")) go("replace");
    else restore();
  }

  start();
})();
