// The tree of a framework by keyboard, by touch and by mouse; every gesture is also a plain form.
"use strict";

(() => {
  const tree = document.querySelector("[data-tree]");
  const dialog = document.querySelector(".tree-dialog");
  const mayWrite = Boolean(tree?.closest("[data-write]"));
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const lost = () => dialog?.dataset.lost ?? "";
  const undoable = [];
  let isBusy = false;

  // --- Walking the tree

  const items = (list) => [...(list?.children ?? [])].filter((one) => one.matches("li"));
  const group = (item) => item.querySelector(":scope > ul");
  const above = (item) => item.parentElement.closest("li");
  const byKey = (key) => document.getElementById(`e${key}`);
  const isOpen = (item) => item.getAttribute("aria-expanded") === "true";
  const current = () => tree.querySelector("li[tabindex='0']");

  function visible() {
    const walk = (list) => items(list).flatMap((one) => [one, ...(isOpen(one) ? walk(group(one)) : [])]);
    return walk(tree);
  }

  // The plain lists become a tree for those who listen and for those who type.
  function dress(item) {
    const key = item.id.slice(1);
    let level = 1;
    for (let one = above(item); one; one = above(one)) level += 1;
    item.setAttribute("role", "treeitem");
    item.setAttribute("aria-level", level);
    item.setAttribute("aria-labelledby", `n${key}`);
    if (!item.hasAttribute("tabindex")) item.setAttribute("tabindex", "-1");
    for (const link of item.querySelectorAll(":scope > .node a, :scope > .far a")) link.setAttribute("tabindex", "-1");
    const list = group(item);
    list?.setAttribute("role", "group");
    if (list || item.hasAttribute("data-far")) {
      if (!item.hasAttribute("aria-expanded")) item.setAttribute("aria-expanded", String(item.dataset.open === "true" && Boolean(list)));
    } else item.removeAttribute("aria-expanded");
    for (const child of items(list)) dress(child);
  }

  function select(item, { focus = true } = {}) {
    for (const one of tree.querySelectorAll("li[tabindex='0']")) {
      one.setAttribute("tabindex", "-1");
      one.removeAttribute("aria-selected");
    }
    item.setAttribute("tabindex", "0");
    item.setAttribute("aria-selected", "true");
    if (mayWrite) item.querySelector(":scope > .node").after(tools());
    if (focus) {
      item.focus({ preventScroll: true });
      item.querySelector(":scope > .node").scrollIntoView({ block: "nearest" });
    }
  }

  let toolbar = null;
  function tools() {
    toolbar ??= document.getElementById("outils").content.firstElementChild.cloneNode(true);
    return toolbar;
  }

  // --- Folding

  const memory = () => `tree-${tree.dataset.tree}`;
  function remember() {
    try {
      sessionStorage.setItem(memory(), JSON.stringify([...tree.querySelectorAll("[aria-expanded=true]")].map((one) => one.id)));
    } catch { /* private windows keep nothing */ }
  }

  function recall() {
    try {
      const known = JSON.parse(sessionStorage.getItem(memory()) ?? "null");
      if (!known) return;
      for (const item of tree.querySelectorAll("[aria-expanded]")) {
        if (!item.hasAttribute("data-far")) item.setAttribute("aria-expanded", String(known.includes(item.id)));
      }
    } catch { /* nothing known */ }
  }

  async function fold(item, wanted) {
    if (!item.hasAttribute("aria-expanded") || isOpen(item) === wanted) return;
    if (wanted && item.hasAttribute("data-far")) await load(item);
    item.setAttribute("aria-expanded", String(wanted));
    remember();
  }

  async function fetched(key) {
    const answer = await fetch(`/competences/elements/${key}/branche/`);
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return document.adoptNode(page.querySelector("li"));
  }

  async function load(item) {
    item.setAttribute("aria-busy", "true");
    try {
      const fresh = await fetched(item.id.slice(1));
      item.querySelector(":scope > .far")?.remove();
      item.removeAttribute("data-far");
      const list = group(fresh);
      if (list) item.append(list);
      grow(item, Number(fresh.dataset.size) - Number(item.dataset.size));
      dress(item);
    } catch {
      say(lost());
    } finally {
      item.removeAttribute("aria-busy");
    }
  }

  // --- Gestures

  function say(words, undo = "") {
    const bar = document.querySelector("[data-said]");
    if (!bar) return;
    bar.hidden = false;
    bar.querySelector("[role=status]").textContent = words;
    if (undo) undoable.push(undo);
    bar.querySelector("[data-undo]").hidden = !undoable.length;
  }

  async function send(url, body = null) {
    const headers = { Accept: "application/json", "X-CSRFToken": token() };
    return fetch(url, { method: "POST", headers, body });
  }

  async function gesture(url, { isUndo = false } = {}) {
    if (isBusy) return;
    isBusy = true;
    try {
      const answer = await send(url);
      const told = await answer.json();
      if (answer.ok) await apply(told);
      say(told.said, answer.ok && !isUndo ? told.undo : "");
    } catch {
      say(lost());
    } finally {
      isBusy = false;
    }
  }

  function undo() {
    const url = undoable.pop();
    if (url) gesture(url, { isUndo: true });
  }

  function grow(item, by) {
    for (let one = item; one; one = above(one)) {
      const size = Number(one.dataset.size) + by;
      one.dataset.size = size;
      let badge = one.querySelector(":scope > .node .node-size");
      if (!badge && size) {
        badge = document.createElement("span");
        badge.className = "node-size";
        badge.setAttribute("aria-hidden", "true");
        one.querySelector(":scope > .node .node-text").after(badge);
      }
      if (badge) badge.textContent = size || "";
    }
  }

  function take(item) {
    const around = above(item);
    item.remove();
    if (!around) return;
    grow(around, -(Number(item.dataset.size) + 1));
    if (!items(group(around)).length) {
      group(around)?.remove();
      around.removeAttribute("aria-expanded");
    }
  }

  async function apply(told) {
    if (told.removed) {
      const item = byKey(told.removed);
      const all = visible();
      const next = item.nextElementSibling ?? item.previousElementSibling ?? above(item) ?? all[all.indexOf(item) - 1];
      take(item);
      if (next) select(next);
      else location.reload();
      return;
    }
    const around = told.parent === null ? null : byKey(told.parent);
    const isElsewhere = told.parent === null ? tree.hasAttribute("data-part") : !around;
    if (isElsewhere) {
      location.assign(told.url);
      if (told.url.split("#")[0] === location.pathname + location.search) location.reload();
      return;
    }
    const known = byKey(told.key);
    if (around?.hasAttribute("data-far")) {
      if (known) take(known);
      await load(around);
    } else await put(known, around, told);
    if (around) for (let one = around; one; one = above(one)) one.setAttribute("aria-expanded", "true");
    const item = byKey(told.key);
    dress(item);
    select(item);
    remember();
  }

  async function put(known, around, told) {
    const fresh = told.is_move ? null : await fetched(told.key);
    let item = known;
    if (known && fresh) {
      known.querySelector(":scope > .node").replaceWith(fresh.querySelector(":scope > .node"));
      known.dataset.kind = fresh.dataset.kind;
    } else item ??= fresh;
    const place = items(around ? group(around) : tree).indexOf(item);
    if (known && known.parentElement === (around ? group(around) : tree) && place === told.position) return;
    if (known) take(known);
    let list = around ? group(around) : tree;
    if (!list) {
      list = document.createElement("ul");
      around.append(list);
    }
    list.insertBefore(item, items(list)[told.position] ?? null);
    if (around) grow(around, Number(item.dataset.size) + 1);
    if (around) dress(around);
  }

  // --- Forms in a window

  function show(page) {
    const body = page.getElementById("formulaire");
    if (!body) return false;
    const title = document.createElement("h2");
    title.id = "dialogue-titre";
    title.textContent = body.dataset.title;
    dialog.querySelector("[data-body]").replaceChildren(title, document.adoptNode(body));
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[data-errors]") ?? dialog.querySelector("select, input:not([type=hidden]), textarea");
    (dialog.querySelector("textarea[name=statement]:not([aria-invalid])") && !dialog.querySelector("[data-errors]") ? dialog.querySelector("textarea[name=statement]") : first)?.focus();
    return true;
  }

  async function open(url) {
    try {
      const answer = await fetch(url);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !show(page)) location.assign(url);
    } catch {
      say(lost());
    }
  }

  async function submit(form) {
    if (isBusy) return;
    isBusy = true;
    try {
      const answer = await send(form.getAttribute("action"), new FormData(form));
      if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
        const told = await answer.json();
        dialog.close();
        if (answer.ok && tree) await apply(told);
        else if (answer.ok) location.assign(told.url);
        say(told.said, answer.ok ? told.undo : "");
      } else show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      dialog.close();
      say(lost());
    } finally {
      isBusy = false;
    }
  }

  function act(item, name) {
    const key = item.id.slice(1);
    const adding = `/competences/${tree.dataset.tree}/ajouter/`;
    if (name === "edit") open(item.dataset.url);
    else if (name === "add") open(`${adding}?sous=${key}`);
    else if (name === "after") open(`${adding}?apres=${key}`);
    else if (name === "place") open(`${item.dataset.url}place/`);
    else gesture(`${item.dataset.url}${name}/`);
  }

  // --- Keys

  function walk(item, key) {
    const all = visible();
    const place = all.indexOf(item);
    if (key === "ArrowDown") return all[place + 1];
    if (key === "ArrowUp") return all[place - 1];
    if (key === "Home") return all[0];
    if (key === "End") return all.at(-1);
    if (key === "ArrowLeft") return isOpen(item) ? (fold(item, false), item) : above(item);
    if (!isOpen(item)) return (fold(item, true), item);
    return items(group(item))[0];
  }

  const GESTURES = { ArrowUp: "monter", ArrowDown: "descendre", ArrowLeft: "sortir", ArrowRight: "entrer" };
  const ACTS = { Enter: "edit", Insert: "add", "+": "add", Delete: "supprimer" };

  function typed(event) {
    const item = event.target;
    if (!item.matches("li[role=treeitem]")) return;
    const { key } = event;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z") return event.preventDefault(), undo();
    if (event.ctrlKey || event.metaKey) return;
    if (event.altKey && !(mayWrite && GESTURES[key])) return;
    if (event.altKey || (mayWrite && ACTS[key])) {
      event.preventDefault();
      act(item, event.altKey ? GESTURES[key] : ACTS[key]);
      return;
    }
    if (key === " " || key === "Enter") return event.preventDefault(), fold(item, !isOpen(item));
    if (!/^(Arrow|Home|End)/.test(key)) return;
    event.preventDefault();
    const next = walk(item, key);
    if (next) select(next);
  }

  function pressed(event) {
    const tool = event.target.closest("[data-act]");
    const item = event.target.closest("li[role=treeitem]");
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (tool) return act(item, tool.dataset.act);
    event.preventDefault();
    if (event.target.closest(".fold")) fold(item, !isOpen(item));
    select(item);
  }

  if (tree) {
    tree.setAttribute("role", "tree");
    for (const item of items(tree)) dress(item);
    if (!new URLSearchParams(location.search).has("voir")) recall();
    const named = location.hash && tree.querySelector(`li[id="${CSS.escape(location.hash.slice(1))}"]`);
    const first = named || items(tree)[0];
    for (let one = above(first); one; one = above(one)) one.setAttribute("aria-expanded", "true");
    select(first, { focus: Boolean(named) });
    tree.addEventListener("keydown", typed);
    tree.addEventListener("click", pressed);
    tree.addEventListener("dblclick", (event) => {
      const item = event.target.closest("li[role=treeitem]");
      if (item && mayWrite && event.target.closest(".node-text")) act(item, "edit");
    });
    for (const part of document.querySelectorAll("[data-keys], [data-folds]")) part.hidden = false;
    document.querySelector("[data-undo]")?.addEventListener("click", () => (undo(), current()?.focus()));
    document.querySelector("[data-fold]")?.addEventListener("click", () => {
      for (const item of tree.querySelectorAll("[aria-expanded=true]")) item.setAttribute("aria-expanded", "false");
      select(items(tree)[0], { focus: false });
      remember();
    });
    document.querySelector("[data-unfold]")?.addEventListener("click", () => {
      for (const item of tree.querySelectorAll("[aria-expanded=false]:not([data-far])")) item.setAttribute("aria-expanded", "true");
      remember();
    });
  }

  if (dialog) {
    dialog.addEventListener("submit", (event) => {
      if (!event.target.matches("[data-saves]")) return;
      event.preventDefault();
      submit(event.target);
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("[data-saves]")?.requestSubmit();
    });
    dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => current()?.focus());
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-dialog]");
      if (!link || !tree || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link.href);
    });
  }

  // A new item of another kind takes the free code of that kind, unless one was typed.
  document.addEventListener("change", (event) => {
    const select = event.target.closest("select[data-codes]");
    const code = select?.form.elements.code;
    if (!code) return;
    const codes = JSON.parse(select.dataset.codes);
    if (!code.value || Object.values(codes).includes(code.value)) code.value = codes[select.value] ?? "";
  });

  // Units and competencies: arrows go from box to box.
  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(".units td");
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (!cell || !steps[event.key] || event.altKey || event.ctrlKey || event.metaKey) return;
    const [down, right] = steps[event.key];
    const rows = [...cell.closest("tbody")?.rows ?? []];
    const row = rows[rows.indexOf(cell.parentElement) + down];
    const box = row?.cells[cell.cellIndex + right]?.querySelector("input[type=checkbox]");
    if (!box) return;
    event.preventDefault();
    box.focus();
  });
})();
