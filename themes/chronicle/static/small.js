// Searches the small index of titles, descriptions and names; it answers in the shape of Pagefind.
self.smallSearch = ({ terms, entries }, { language, root, files }) => {
  const WEIGHTS = { title: 8, terms: 4, description: 1 };
  const TOLD = ["author"]; // the facets that results name

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) || [];
  const wordsOfTerms = {};
  for (const [facet, list] of Object.entries(terms)) wordsOfTerms[facet] = list.map((names) => wordsOf(names.join(" ")));

  const posts = entries.map(([url, title, description, date, image, named], id) => {
    const values = {};
    for (const [facet, numbers] of Object.entries(named)) values[facet] = numbers.map((number) => terms[facet][number][0]);
    if (date) values.year = [date.replace(/-\d+-\d+$/, "")];
    return {
      id, url, title, description, date, image, values,
      words: {
        title: wordsOf(title),
        terms: Object.entries(named).flatMap(([facet, numbers]) => numbers.flatMap((number) => wordsOfTerms[facet][number])),
        description: wordsOf(description),
      },
    };
  });

  // Every word must begin some word of the post; whole words count for more.
  function score(post, wanted) {
    let sum = 0;
    for (const word of wanted) {
      let best = 0;
      for (const part in WEIGHTS) {
        for (const one of post.words[part]) {
          if (one.startsWith(word)) best = Math.max(best, WEIGHTS[part] * (one === word ? 2 : 1));
        }
      }
      if (!best) return 0;
      sum += best;
    }
    return sum;
  }

  // Where nothing is found, words may have other endings.
  function matching(query) {
    const wanted = wordsOf(query || "");
    const found = (words) => posts.map((post) => [post, score(post, words)]).filter(([, one]) => one);
    if (!wanted.length) return query ? [] : posts.map((post) => [post, 1]);
    const exact = found(wanted);
    return exact.length ? exact : found(wanted.map((word) => (word.length > 5 ? word.slice(0, -2) : word)));
  }

  const passes = (post, filters) =>
    Object.entries(filters).every(([facet, { any }]) => (post.values[facet] || []).some((value) => any.includes(value)));

  function count(found) {
    const sums = {};
    for (const { values } of found) {
      for (const [facet, list] of Object.entries(values)) {
        const sum = (sums[facet] = sums[facet] || {});
        for (const value of list) sum[value] = (sum[value] || 0) + 1;
      }
    }
    return sums;
  }

  function data(post) {
    const { url, title, description, date, image, values } = post;
    const meta = { title, description, time: date, image: image && new URL(image, root).href };
    for (const facet of TOLD) if (values[facet]) meta[facet] = values[facet].join(", ");
    if (date) meta.date = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(date));
    const page = new URL(url, root);
    if (files && page.pathname.endsWith("/")) page.pathname += "index.html";
    return { url: page.href, meta, excerpt: "" };
  }

  return {
    async search(query, { filters, sort }) {
      const found = matching(query).filter(([post]) => passes(post, filters));
      if (sort) found.sort(([a], [b]) => (sort.date === "asc" ? 1 : -1) * (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
      else found.sort(([a, one], [b, other]) => other - one || (a.date < b.date ? 1 : -1));
      return {
        filters: count(found.map(([post]) => post)),
        results: found.map(([post, one]) => ({ id: post.id, score: one, words: [0], data: async () => data(post) })),
      };
    },
    filters: async () => count(posts),
  };
};
