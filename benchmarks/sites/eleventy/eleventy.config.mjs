// The pages that sitegen makes of the same posts, archive by year and month and related posts aside.
const SIZE = 20;

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

const TERMS = {
  tags: (data) => data.tags,
  authors: (data) => [data.author],
  categories: (data) => [data.category],
  groups: (data) => (data.group ? [data.group] : []),
};

export default function (config) {
  const newestFirst = (api) => api.getFilteredByGlob("posts/**/*.md").reverse();

  const gather = (api, namesOf) => {
    const terms = new Map();
    for (const post of newestFirst(api)) {
      for (const name of namesOf(post.data)) {
        if (!terms.has(name)) terms.set(name, []);
        terms.get(name).push(post);
      }
    }
    return terms;
  };

  const pagesOf = (url, name, posts) => {
    const total = Math.ceil(posts.length / SIZE);
    return Array.from({ length: total }, (_, place) => ({
      name,
      posts: posts.slice(place * SIZE, (place + 1) * SIZE),
      number: place + 1,
      total,
      url: place ? `${url}page/${place + 1}/` : url,
      newer: place > 1 ? `${url}page/${place}/` : place ? url : "",
      older: place + 1 < total ? `${url}page/${place + 2}/` : "",
    }));
  };

  const listPages = (api) => [
    ...pagesOf("/posts/", "Posts", newestFirst(api)),
    ...Object.entries(TERMS).flatMap(([taxonomy, namesOf]) =>
      [...gather(api, namesOf)].flatMap(([name, posts]) =>
        pagesOf(`/${taxonomy}/${config.getFilter("slugify")(name)}/`, name, posts),
      ),
    ),
  ];

  config.addPassthroughCopy("images");
  config.addCollection("archive", newestFirst);
  config.addCollection("lists", listPages);
  config.addCollection("feeds", (api) => [
    { name: "All", url: "/", posts: newestFirst(api).slice(0, SIZE) },
    ...listPages(api).filter((page) => page.number === 1),
  ]);
  config.addCollection("taxonomies", (api) =>
    Object.entries(TERMS).map(([taxonomy, namesOf]) => ({
      name: taxonomy,
      terms: [...gather(api, namesOf)].sort((one, other) => other[1].length - one[1].length),
    })),
  );
  config.addCollection("neighbours", (api) => {
    const posts = newestFirst(api);
    return Object.fromEntries(posts.map((post, place) => [post.url, [posts[place + 1], posts[place - 1]]]));
  });
  config.addFilter("day", (date) => DAY.format(date));
  config.addFilter("first", (list, count) => list.slice(0, count));

  return {
    dir: { input: ".", includes: "_includes", output: "_site" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
  };
}
