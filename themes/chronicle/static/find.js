// What the search adds to every page: "/" leads to its field, and the words that were found are marked.
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]")) return;
    const fields = [...document.querySelectorAll("form[role=search] input[type=search]")];
    const field = fields.find((one) => one.getClientRects().length);
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  const address = new URL(location.href);
  const words = (address.searchParams.get("found") || "").split(/\s+/).filter(Boolean);
  const text = document.querySelector("main article");
  if (!words.length || !text) return;

  // So that the address that is copied, or cited, is the page's own.
  address.searchParams.delete("found");
  try {
    history.replaceState(history.state, "", address);
  } catch {
    // Some browsers let no page change its address on a disk.
  }

  // "word*" stands for all words that begin so.
  const forms = words.slice(0, 20).map((word) => {
    const plain = word.replace(/\*$/, "").replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    return word.endsWith("*") ? `${plain}[\\p{L}\\p{M}\\p{N}]*` : plain;
  });
  const pattern = new RegExp(`(^|[^\\p{L}\\p{M}\\p{N}])(${forms.join("|")})(?![\\p{L}\\p{M}\\p{N}])`, "iu");
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const marks = [];
  const nodes = [];
  while (walker.nextNode()) if (!walker.currentNode.parentNode.closest("nav")) nodes.push(walker.currentNode);
  for (let node of nodes) {
    for (let match; marks.length < 500 && (match = pattern.exec(node.data)); ) {
      const word = node.splitText(match.index + match[1].length);
      node = word.splitText(match[2].length);
      const mark = document.createElement("mark");
      mark.dataset.found = "";
      word.replaceWith(mark);
      mark.append(word);
      marks.push(mark);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const mark of marks.splice(0)) mark.replaceWith(...mark.childNodes);
    text.normalize();
  });
})();
