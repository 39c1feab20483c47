// The matrix by keyboard: arrows go, letters judge, Ctrl+Z takes back. Every cell stays a link.
"use strict";

(() => {
  const desk = () => document.querySelector("[data-matrix]");
  const table = () => desk()?.querySelector("table");
  const cellOf = (node) => node?.closest?.("[data-pair]");
  const links = () => [...desk().querySelectorAll("[data-cell]")];
  const HELD = "is-held";
  let anchor = null;
  let share = false;
  let queue = Promise.resolve();

  // --- What is where

  function lines() {
    return [...table().tBodies].flatMap((body) => [...body.rows])
      .map((row) => [...row.querySelectorAll("[data-pair]")]).filter((cells) => cells.length);
  }

  function place(cell) {
    const rows = lines();
    const y = rows.findIndex((cells) => cells.includes(cell));
    return { rows, y, x: y < 0 ? -1 : rows[y].indexOf(cell) };
  }

  function go(cell) {
    if (!cell) return;
    for (const link of desk().querySelectorAll("[data-cell][tabindex='0']")) link.setAttribute("tabindex", "-1");
    const link = cell.querySelector("[data-cell]");
    link.setAttribute("tabindex", "0");
    link.focus({ preventScroll: true });
    reveal(cell);
  }

  // Sticky heads and the foot panel hide no cell.
  function reveal(cell) {
    const box = desk().querySelector(".cw-scroll");
    const head = table().tHead.getBoundingClientRect();
    const side = table().querySelector("tbody th").getBoundingClientRect();
    const seen = cell.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    if (seen.left < side.right) box.scrollLeft -= side.right - seen.left;
    else if (seen.right > frame.right) box.scrollLeft += seen.right - frame.right;
    if (seen.top < head.bottom) box.scrollTop -= head.bottom - seen.top;
    else if (seen.bottom > frame.bottom) box.scrollTop += seen.bottom - frame.bottom;
    const foot = document.getElementById("geste")?.getBoundingClientRect();
    const after = cell.getBoundingClientRect();
    const floor = foot && !foot.hidden ? foot.top : innerHeight;
    if (after.bottom > floor) scrollBy(0, after.bottom - floor + 12);
    else if (after.top < 0) scrollBy(0, after.top - 12);
  }

  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], PageDown: [8, 0], PageUp: [-8, 0] };

  function near(cell, event) {
    const { rows, y, x } = place(cell);
    const clamp = (value, most) => Math.max(0, Math.min(most, value));
    if (event.key === "Home") return event.ctrlKey ? rows[0][0] : rows[y][0];
    if (event.key === "End") return event.ctrlKey ? rows.at(-1).at(-1) : rows[y].at(-1);
    const [down, right] = STEPS[event.key];
    return rows[clamp(y + down, rows.length - 1)][clamp(x + right, rows[y].length - 1)];
  }

  // --- What is held

  const held = () => [...desk().querySelectorAll(`.${HELD}`)];
  const chosen = (cell) => (held().length ? held() : [cell].filter(Boolean));

  function hold(cell, is) {
    cell.classList.toggle(HELD, is);
    cell.setAttribute("aria-selected", String(is));
  }

  function release() {
    for (const cell of held()) hold(cell, false);
    anchor = null;
  }

  function stretch(from, to) {
    for (const cell of held()) hold(cell, false);
    const a = place(from);
    const b = place(to);
    for (let y = Math.min(a.y, b.y); y <= Math.max(a.y, b.y); y += 1) {
      for (let x = Math.min(a.x, b.x); x <= Math.max(a.x, b.x); x += 1) hold(a.rows[y][x], true);
    }
  }

  // --- What is said

  function say(text, isWrong = false) {
    const region = document.getElementById("dit");
    region.classList.toggle("is-wrong", isWrong);
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = text; });
  }

  const words = (name) => desk().dataset[name] ?? "";

  function tell(cell) {
    const panel = document.getElementById("geste");
    if (!panel || !cell) return;
    panel.hidden = false;
    const row = cell.closest("tr").querySelector("th");
    const column = table().querySelector(`thead [data-column="${cell.dataset.pair.split("-")[1]}"]`);
    const put = (slot, text) => { panel.querySelector(`[data-${slot}]`).textContent = text; };
    put("origin", row.querySelector("[data-label]").dataset.label);
    put("destination", column.dataset.label);
    put("word", cell.querySelector("[data-word-of]").textContent);
    put("count", held().length > 1 ? words("heldWords").replace("%n", held().length) : "");
    panel.querySelector("[data-open]").href = cell.querySelector("a").href;
    desk().classList.toggle("asks-share", share);
    for (const head of table().querySelectorAll(".is-here")) head.classList.remove("is-here");
    row.classList.add("is-here");
    column.classList.add("is-here");
  }

  // --- What is written

  const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] ?? "";

  function put(answer) {
    const page = new DOMParser().parseFromString(answer, "text/html");
    const here = document.activeElement?.closest?.("[data-pair]")?.id;
    for (const fresh of page.querySelectorAll("[data-pair]")) {
      const old = document.getElementById(fresh.id);
      if (!old) continue;
      const wasHeld = old.classList.contains(HELD);
      const stop = old.querySelector("[data-cell]").getAttribute("tabindex");
      old.replaceWith(fresh);
      fresh.setAttribute("role", "gridcell");
      fresh.querySelector("[data-cell]").setAttribute("tabindex", stop ?? "-1");
      fresh.toggleAttribute("data-match", old.matches("[data-match]"));
      hold(fresh, wasHeld);
      fresh.classList.add("is-fresh");
    }
    for (const part of page.querySelectorAll("[data-part]")) document.getElementById(part.id)?.replaceWith(part);
    if (here && !document.activeElement?.closest?.("[data-pair]")) document.getElementById(here)?.querySelector("[data-cell]").focus({ preventScroll: true });
    const told = page.querySelector("[data-said]");
    if (told) say(told.textContent.trim(), told.matches("[data-wrong]"));
  }

  function send(address, fields, cells) {
    const body = new URLSearchParams(fields);
    const keys = cells.map((cell) => cell.id);
    const each = (act) => keys.map((key) => document.getElementById(key)).filter(Boolean).forEach(act);
    each((cell) => { cell.classList.add("is-waiting"); cell.setAttribute("aria-busy", "true"); });
    queue = queue.then(async () => {
      try {
        const response = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "matrix" }, redirect: "error" });
        if (!response.ok && response.status !== 422) throw new Error(String(response.status));
        put(await response.text());
        tell(cellOf(document.activeElement));
      } catch {
        say(words("failed"), true);
      } finally {
        each((cell) => { cell.classList.remove("is-waiting"); cell.removeAttribute("aria-busy"); });
        desk()?.dispatchEvent(new CustomEvent("matrix:done", { bubbles: true }));
      }
    });
  }

  function judge(cell, fields) {
    if (!desk().dataset.give) { say(words("readOnly"), true); return; }
    const cells = chosen(cell);
    if (!cells.length) return;
    const body = [...cells.map((one) => ["couple", one.dataset.pair]), ...Object.entries(fields)];
    send(desk().dataset.give, body, cells);
  }

  function undo() {
    if (desk().dataset.undo) send(desk().dataset.undo, [["undo", "1"]], []);
  }

  // --- What is next

  function next(cell, wanted, step) {
    const all = lines().flat();
    const from = all.indexOf(cell);
    for (let turn = 1; turn <= all.length; turn += 1) {
      const one = all[(from + step * turn + all.length * turn) % all.length];
      if (wanted(one)) return one;
    }
    return null;
  }

  const isOpen = (cell) => cell.matches("[data-open-pair]");
  const isHinted = (cell) => isOpen(cell) && cell.dataset.band;

  function leap(cell, wanted, step, none) {
    const found = next(cell, wanted, step);
    if (found) { release(); go(found); } else say(words(none));
  }

  // --- Why

  function explain(cell) {
    const dialog = document.getElementById("justification");
    if (!dialog || !desk().dataset.give) { location.href = cell.querySelector("a").href; return; }
    const form = dialog.querySelector("form");
    form.reset();
    const mine = cell.dataset.mine;
    for (const radio of form.elements.jugement) radio.checked = radio.value === mine;
    form.elements.rationale.value = cell.dataset.rationale ?? "";
    dialog.querySelector("[data-about]").textContent = chosen(cell).length > 1
      ? words("heldWords").replace("%n", chosen(cell).length) : `${document.querySelector("#geste [data-origin]").textContent} × ${document.querySelector("#geste [data-destination]").textContent}`;
    dialog.dataset.for = cell.id;
    dialog.showModal();
  }

  document.addEventListener("submit", (event) => {
    const dialog = event.target.closest("#justification");
    if (!dialog) return;
    event.preventDefault();
    const form = event.target;
    const cell = document.getElementById(dialog.dataset.for);
    dialog.close();
    cell?.querySelector("[data-cell]").focus({ preventScroll: true });
    if (cell) judge(cell, { jugement: form.elements.jugement.value, rationale: form.elements.rationale.value, ...(form.elements.is_within.checked ? { is_within: "on" } : {}) });
  });

  // --- Keys and clicks

  const LETTERS = { t: "total", c: "complementary", n: "none", "-": "none", u: "retirer", Backspace: "retirer", Delete: "retirer" };
  const QUARTERS = { 1: "partial-25", 2: "partial-50", 3: "partial-75" };
  const GOES = new Set(["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End", "PageUp", "PageDown"]);

  function gesture(cell, name) {
    share = false;
    if (name === "partial") { share = true; say(words("askShare")); tell(cell); return; }
    if (name === "why") { explain(cell); return; }
    if (name === "undo") { undo(); return; }
    if (name === "hint") { leap(cell, isHinted, 1, "noHint"); return; }
    if (name === "help") { document.getElementById("aide")?.showModal(); return; }
    judge(cell, { jugement: name });
  }

  const LEAPS = {
    s: (cell) => leap(cell, isHinted, 1, "noHint"),
    j: (cell) => leap(cell, isOpen, 1, "noOpen"),
    k: (cell) => leap(cell, isOpen, -1, "noOpen"),
    p: (cell) => gesture(cell, "partial"),
    r: (cell) => explain(cell),
    "?": () => document.getElementById("aide")?.showModal(),
    " ": (cell) => { hold(cell, !cell.classList.contains(HELD)); anchor = cell; tell(cell); },
    Escape: (cell) => { share = false; release(); tell(cell); },
  };

  function walk(cell, event) {
    const found = near(cell, event);
    if (event.shiftKey) { anchor ??= cell; stretch(anchor, found); } else release();
    go(found);
    tell(found);
    reveal(found);
  }

  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell || !desk()?.contains(cell) || event.altKey || event.metaKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey && key === "z") { event.preventDefault(); undo(); return; }
    if (event.ctrlKey && !["Home", "End"].includes(key)) return;
    const act = GOES.has(key) ? () => walk(cell, event)
      : share && QUARTERS[key] ? () => gesture(cell, QUARTERS[key])
      : LEAPS[key] ? () => LEAPS[key](cell)
      : LETTERS[key] ? () => gesture(cell, LETTERS[key]) : null;
    if (!act) return;
    event.preventDefault();
    act();
  });

  document.addEventListener("focusin", (event) => {
    const cell = cellOf(event.target);
    if (!cell || !desk()?.contains(cell)) return;
    tell(cell);
    requestAnimationFrame(() => reveal(cell));
  });

  // A press on a cell chooses it; a second one, or Enter, opens it.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-gesture]");
    if (button && desk()) {
      const cell = desk().querySelector("[data-cell][tabindex='0']")?.closest("[data-pair]");
      if (cell) gesture(cell, button.dataset.gesture);
      return;
    }
    if (event.target.closest("[data-close-dialog]")) { event.target.closest("dialog").close(); return; }
    const cell = cellOf(event.target);
    if (!cell || !desk()?.contains(cell) || !event.detail || event.ctrlKey || event.metaKey) return;
    // On a phone a row is a card: its pairs open in their own page.
    if (matchMedia("(max-width: 44rem)").matches) return;
    const isAgain = cell.contains(document.activeElement) && cell.dataset.pressed;
    if (event.shiftKey && anchor) { event.preventDefault(); stretch(anchor, cell); go(cell); tell(cell); return; }
    if (isAgain) return;
    event.preventDefault();
    for (const other of desk().querySelectorAll("[data-pressed]")) delete other.dataset.pressed;
    cell.dataset.pressed = "1";
    release();
    anchor = cell;
    go(cell);
    tell(cell);
  });

  // --- One stop of the tabulation for the whole matrix

  function dress() {
    if (!desk() || !table()) return;
    const grid = table();
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-multiselectable", "true");
    grid.setAttribute("aria-readonly", String(!desk().dataset.give));
    for (const cell of desk().querySelectorAll("[data-pair]")) { cell.setAttribute("role", "gridcell"); cell.setAttribute("aria-selected", "false"); }
    const asked = /^#c\d+-\d+$/.test(location.hash) ? document.querySelector(`${location.hash} [data-cell]`) : null;
    const first = asked ?? links().find((link) => cellOf(link).matches("[data-open-pair]")) ?? links()[0];
    for (const link of links()) link.setAttribute("tabindex", link === first ? "0" : "-1");
    asked?.focus();
  }

  document.addEventListener("DOMContentLoaded", dress);
  document.addEventListener("htmx:afterSettle", dress);
})();
