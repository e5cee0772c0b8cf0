// One panel of Aralify in a notebook.
//
// The output holds HTML that needs nothing alive: `<div data-ar-panel="ID">`. This file takes such elements over for as
// long as the kernel lives: it shows what Python renders and sends back what the learner does, as {action, values}.
// Because the output itself is plain HTML, a reopened notebook never shows a broken widget.

const ANNOUNCE_AT = [300, 60]; // seconds left that are said politely
const SUPPRESS = "data-lm-suppress-shortcuts"; // JupyterLab would take Enter and the arrows away
const PATIENCE_MS = 1000; // before we say that the kernel is busy

class Panel {
  constructor(model) {
    this.model = model;
    this.id = model.get("panel_id");
    this.roots = new Set();
    this.alive = true;
    this.arrived = performance.now();
    this.said = new Set();
  }

  start() {
    this.observer = new MutationObserver(() => this.adopt());
    this.observer.observe(document.body, { childList: true, subtree: true });
    this.model.on("change:html", () => this.show());
    this.model.on("msg:custom", (message) => this.receive(message));
    this.model.on("comm_live_update", () => this.end()); // the kernel restarted or went away
    this.clock = setInterval(() => this.tick(), 1000);
    this.adopt();
  }

  end() {
    if (!this.alive) return;
    this.alive = false;
    clearInterval(this.clock);
    this.observer.disconnect();
    const saved = new DOMParser().parseFromString(this.model.get("saved"), "text/html");
    const atRest = saved.querySelector("[data-ar-panel]");
    for (const root of this.roots) {
      root.removeAttribute("data-ar-alive");
      root.innerHTML = atRest ? atRest.innerHTML : "";
    }
    this.roots.clear();
  }

  adopt() {
    const found = document.querySelectorAll(`[data-ar-panel="${this.id}"]:not([data-ar-alive])`);
    for (const root of found) {
      root.setAttribute("data-ar-alive", "");
      root.setAttribute(SUPPRESS, "true");
      root.innerHTML = '<div data-ar-body></div><div class="ar-sr" role="status" aria-live="polite" data-ar-say></div>';
      root.addEventListener("click", (event) => this.click(event));
      root.addEventListener("submit", (event) => this.submit(event));
      root.addEventListener("keydown", keepFromJupyterLab);
      this.roots.add(root);
      this.fill(root);
      bringIntoView(root);
    }
  }

  // ---- from Python to the page

  show() {
    this.arrived = performance.now();
    this.said.clear();
    for (const root of this.roots) {
      if (root.isConnected) this.fill(root);
      else this.roots.delete(root);
    }
  }

  fill(root) {
    const body = root.querySelector("[data-ar-body]");
    const typed = remember(body);
    body.innerHTML = this.model.get("html");
    root.lang = this.model.get("language");
    restore(body, typed);
    this.tick(root);
  }

  receive(message) {
    clearTimeout(this.waiting);
    for (const root of this.roots) {
      root.removeAttribute("aria-busy");
      if (message.say !== undefined) say(root, message.say);
      if (message.focus && root === this.origin) root.querySelector(`[data-ar-focus]`)?.focus();
    }
    if (message.open && this.origin) openNotebook(this.origin, message.open);
  }

  tick(only) {
    const passed = (performance.now() - this.arrived) / 1000;
    for (const root of only ? [only] : this.roots) {
      const timer = root.querySelector("[data-ar-seconds-left]");
      if (!timer) continue;
      const left = Math.max(0, Math.ceil(Number(timer.dataset.arSecondsLeft) - passed));
      timer.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      for (const mark of ANNOUNCE_AT) {
        if (left <= mark && left > mark - 5 && !this.said.has(mark)) {
          this.said.add(mark);
          say(root, timer.dataset[`arSay${mark}`] ?? "");
        }
      }
      if (left === 0 && !this.said.has(0)) {
        this.said.add(0);
        this.model.send({ action: "time_is_over", values: {} });
      }
    }
  }

  // ---- from the page to Python

  click(event) {
    const control = event.target.closest("button[data-action]");
    if (!control || control.type === "submit") return;
    const values = control.dataset.value === undefined ? {} : { value: control.dataset.value };
    this.send(event.currentTarget, control.dataset.action, values);
  }

  submit(event) {
    event.preventDefault();
    const form = event.target;
    const values = Object.fromEntries(new FormData(form));
    for (const box of form.querySelectorAll('input[type="checkbox"]')) {
      const boxes = form.querySelectorAll(`input[type="checkbox"][name="${box.name}"]:checked`);
      values[box.name] = [...boxes].map((checked) => checked.value);
    }
    this.send(event.currentTarget, form.dataset.action, values);
  }

  send(root, action, values) {
    if (root.hasAttribute("aria-busy")) return; // one thing at a time
    root.setAttribute("aria-busy", "true");
    this.origin = root;
    this.waiting = setTimeout(() => say(root, this.model.get("waiting")), PATIENCE_MS);
    this.model.send({ action, values });
  }
}

// Saving and the command palette must reach JupyterLab from here: else the browser saves the page or opens its tools.
const LET_THROUGH = ["s", "Shift+c"];

function keepFromJupyterLab(event) {
  const root = event.currentTarget;
  const key = `${event.shiftKey ? "Shift+" : ""}${event.key.toLowerCase()}`;
  if ((event.ctrlKey || event.metaKey) && LET_THROUGH.includes(key)) {
    root.removeAttribute(SUPPRESS);
    setTimeout(() => root.setAttribute(SUPPRESS, "true")); // once JupyterLab, further out, has seen the key
    return;
  }
  event.stopPropagation();
  if (event.key === "Escape") root.closest(".jp-Cell")?.focus(); // from there all of JupyterLab's keys work again
}

function say(root, text) {
  const region = root.querySelector("[data-ar-say]");
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50); // the same sentence twice is said twice
}

// Shift+Enter moves on to the next cell, and JupyterLab scrolls there: what the cell left behind must stay in sight.
function bringIntoView(root) {
  const cell = root.closest(".jp-Cell");
  if (!cell?.nextElementSibling?.classList.contains("jp-mod-active")) return;
  requestAnimationFrame(() => {
    const fits = root.offsetHeight < window.innerHeight / 2;
    root.scrollIntoView({ block: fits ? "nearest" : "start" });
  });
}

// What was typed and where the focus was outlive a new rendering.
function remember(body) {
  const active = body.contains(document.activeElement) ? document.activeElement : null;
  const fields = [...body.querySelectorAll("input[id], textarea[id], select[id]")];
  return {
    focus: active?.id,
    fields: fields.map((field) => [field.id, field.name, field.value, field.checked]),
    open: [...body.querySelectorAll("details[id]")].filter((fold) => fold.open).map((fold) => fold.id),
  };
}

function restore(body, typed) {
  const find = (id) => (id ? body.querySelector(`#${CSS.escape(id)}`) : null);
  for (const [id, name, value, checked] of typed.fields) {
    const field = find(id);
    if (!field || field.name !== name || field.hasAttribute("data-ar-fresh")) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
    else field.value = value;
  }
  for (const id of typed.open) find(id)?.setAttribute("open", "");
  find(typed.focus)?.focus({ preventScroll: true });
}

// In JupyterLab started by `aralify lab` a lesson opens by itself; everywhere else the link below the panel does it.
async function openNotebook(root, path) {
  const app = window.jupyterapp;
  if (!app?.commands?.hasCommand("docmanager:open")) return;
  const holder = [...app.shell.widgets("main")].find((widget) => widget.node.contains(root));
  const folder = (holder?.context?.path ?? "").split("/").slice(0, -1);
  for (const part of path.split("/")) {
    if (part === "..") folder.pop();
    else folder.push(part);
  }
  await app.commands.execute("docmanager:open", { path: folder.join("/"), factory: "Notebook" });
}

export default {
  initialize({ model }) {
    const panel = new Panel(model);
    panel.start();
    return () => panel.end();
  },
  // Only where a panel was put into another widget: the output is then this element.
  render({ model, el }) {
    el.innerHTML = model.get("saved");
  },
};
