// Small comforts; every page works without them.
"use strict";

document.documentElement.classList.add("js");

// Messages can be put away.
function closable(root) {
  for (const notice of root.querySelectorAll(".messages > .notice:not(:has(> .dismiss))")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "dismiss";
    button.setAttribute("aria-label", root.querySelector(".messages").dataset.dismiss);
    button.addEventListener("click", () => notice.remove());
    notice.append(button);
  }
}

// Rows shown as cards keep being rows for those who listen.
function tables(root) {
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };
  for (const [selector, role] of Object.entries(roles)) {
    const found = selector === "table" ? ".data-table" : `.data-table ${selector}`;
    for (const part of root.querySelectorAll(found)) part.setAttribute("role", role);
  }
}

function dress(root) {
  closable(root);
  tables(root);
}

document.addEventListener("DOMContentLoaded", () => {
  dress(document);
  document.querySelector("form[method=post] [data-errors]")?.focus();
});

// The order of a list applies as soon as it is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-sends-itself]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

// "/" goes to the search of the list; Escape closes what is unfolded.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
  if (event.key === "Escape") {
    for (const unfolded of document.querySelectorAll(".person[open], .menu[open]")) {
      unfolded.open = false;
      unfolded.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const unfolded of document.querySelectorAll(".person[open], .menu[open]")) {
    if (!unfolded.contains(event.target)) unfolded.open = false;
  }
});

// After a list is narrowed in place, its new length is said aloud.
document.addEventListener("htmx:afterSettle", (event) => {
  dress(document);
  const count = event.target.querySelector?.("[data-count]");
  const region = document.getElementById("announcer");
  if (count && region) region.textContent = count.textContent.replace(/\s+/g, " ").trim();
});
