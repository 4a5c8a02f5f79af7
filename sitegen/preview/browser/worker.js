// One line to the server for all pages that are open: a browser allows but six to a host.
"use strict";
const pages = new Set();
let wrong = null;
let isOpen = false;

const tell = (message) => pages.forEach((page) => page.postMessage(message));

const events = new EventSource("/_sitegen/events");
events.addEventListener("open", () => {
  isOpen = true;
  wrong = null;
  tell({ name: "open" });
});
events.addEventListener("error", () => (isOpen = false));
for (const name of ["reload", "problem"]) {
  events.addEventListener(name, (event) => {
    const message = { name, data: event.data };
    wrong = name === "problem" ? message : null;
    tell(message);
  });
}

addEventListener("connect", ({ ports: [page] }) => {
  pages.add(page);
  page.onmessage = () => pages.delete(page); // it says goodbye
  if (isOpen) page.postMessage({ name: "open" });
  if (wrong) page.postMessage(wrong);
});
