// A dashboard page: HTML from Python, charts drawn by plotly.js, and clicks sent back as {action, values}.
//
// plotly.js is asked of the kernel, once per browser: it comes with the Python package, is kept in the browser's cache
// and needs neither a network nor a server that would have to know about it. The same page so works in Voilà and in
// JupyterLab.

const LIBRARY = "aralify-plotly";
const KEPT = "aralify-kept";
const PATIENCE_MS = 8000;
// plotly.js stops a page for most of a second: who has just come reads first, and charts out of sight wait for this long.
const QUIET_MS = 2000;

let drawing; // one plotly.js for all pages in this window

class Page {
  constructor(model, host) {
    this.model = model;
    host.innerHTML = `${model.get("styles")}<div class="ar"></div><div class="ar"><div class="ar-sr" role="status"></div></div>`;
    this.root = host.querySelector(".ar");
    this.voice = host.querySelector("[role=status]");
    this.root.addEventListener("click", (event) => this.click(event));
    this.root.addEventListener("submit", (event) => this.submit(event));
    this.sizes = new ResizeObserver((entries) => entries.forEach((entry) => this.draw(entry.target)));
    this.sight = new IntersectionObserver((entries) =>
      entries.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => this.want(target)),
    );
    this.wanted = new WeakSet(); // charts that are in sight, have been, or have waited long enough
    this.theme = new MutationObserver(() => this.redraw());
    for (const element of [document.documentElement, document.body]) this.theme.observe(element, { attributes: true });
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.followTheme();
    this.listeners = [
      [this.dark, "change", () => this.followTheme()],
      [document, "visibilitychange", () => document.visibilityState === "visible" && this.refresh()],
      [window, "beforeprint", () => this.followTheme(true)],
      [window, "afterprint", () => this.followTheme()],
    ];
    for (const [target, type, listener] of this.listeners) target.addEventListener(type, listener);
    model.on("change:content", () => this.unanswered || this.show());
    model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    this.trail = [];
    this.begin();
  }

  // What the browser kept of the page (that names are hidden), and which class its address names, is told before
  // anything of it is shown: a room must not see the real names of the first class while the kernel takes up either.
  begin() {
    const { kept, shown } = this.model.get("content");
    const before = typeof kept === "string" ? remembered() : null;
    const asked = typeof shown === "string" ? new URLSearchParams(location.search).get("class") : null;
    const isRemembered = before !== null && before !== kept;
    const isAsked = asked !== null && asked !== shown;
    this.unanswered = isRemembered + isAsked;
    if (isRemembered) this.send("remember", { value: before });
    if (isAsked) this.send("choose_class", { value: asked });
    if (!this.unanswered) this.show();
  }

  // In Voilà a page is as light or dark as the reader's system, unless its address names a theme; paper is light.
  followTheme(isOnPaper = false) {
    if ("voila" in document.body.dataset && !new URLSearchParams(location.search).has("theme")) {
      const isDark = this.dark.matches && !isOnPaper;
      document.body.classList.toggle("theme-dark", isDark);
      document.body.classList.toggle("theme-light", !isDark);
    }
    this.redraw();
  }

  // Asks for fresh figures. A kernel that was idle for long has ended: where nobody answers, Voilà makes the page anew.
  refresh() {
    if ("voila" in document.body.dataset) this.waiting ??= setTimeout(() => location.reload(), PATIENCE_MS);
    this.send("refresh", {});
  }

  end() {
    clearTimeout(this.waiting);
    clearTimeout(this.quiet);
    this.sizes.disconnect();
    this.sight.disconnect();
    this.theme.disconnect();
    for (const [target, type, listener] of this.listeners) target.removeEventListener(type, listener);
  }

  show() {
    const { html, language, title, kept, shown } = this.model.get("content");
    if (typeof kept === "string") remember(kept);
    const focus = this.root.contains(document.activeElement) ? nameOf(document.activeElement) : undefined;
    const writing = this.fields().find((field) => field === document.activeElement)?.id;
    const open = [...this.root.querySelectorAll("details[open]")].map((fold) => fold.dataset.key);
    const typed = this.fields().filter((field) => field.value !== cameWith(field));
    this.sizes.disconnect();
    this.sight.disconnect();
    this.root.innerHTML = html;
    for (const field of this.fields()) keep(field, typed.find(({ id }) => id === field.id));
    this.root.lang = language;
    this.root.removeAttribute("aria-busy");
    for (const link of this.root.querySelectorAll("a[data-path]")) {
      link.href = address(link.dataset.path);
      if ("spelt" in link.dataset) link.textContent = link.href;
    }
    for (const fold of this.root.querySelectorAll("details")) fold.open = open.includes(fold.dataset.key);
    const again = focus && [...this.root.querySelectorAll("[data-action]")].find((control) => nameOf(control) === focus);
    again?.focus({ preventScroll: true });
    this.move();
    if (writing) this.fields().find((field) => field.id === writing)?.focus({ preventScroll: true });
    if ("voila" in document.body.dataset) {
      document.title = title;
      document.documentElement.lang = language;
      if (typeof shown === "string") history.replaceState(null, "", addressOf(shown));
    }
    for (const place of this.charts()) {
      this.sizes.observe(place);
      this.sight.observe(place);
    }
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.wantAll(), drawing ? 0 : QUIET_MS);
  }

  // After a move the focus goes to the heading that asks for it; on the way back to where the move began.
  move() {
    const heading = this.root.querySelector("[data-ar-focus]");
    if (this.acted?.action === "close") {
      const { name, top } = this.trail.pop() ?? {};
      const from = [...this.root.querySelectorAll("[data-action]")].find((control) => nameOf(control) === name);
      (from ?? heading)?.focus({ preventScroll: true });
      if (top !== undefined) scroller(this.root).scrollTop = top;
    } else if (heading && this.acted) {
      this.trail.push(this.acted);
      heading.focus({ preventScroll: true });
      scroller(this.root).scrollTop = 0;
    }
    this.acted = undefined;
  }

  charts() {
    return [...this.root.querySelectorAll("[data-figure]")];
  }

  want(place) {
    this.wanted.add(place);
    return this.draw(place);
  }

  wantAll() {
    return Promise.all(this.charts().map((place) => this.want(place)));
  }

  redraw() {
    for (const place of this.charts()) this.draw(place);
  }

  // Draws what is wanted once the place has a width (Voilà keeps the page hidden at first), and again when width or theme change.
  async draw(place) {
    const width = Math.floor(place.clientWidth);
    const { colorScheme, fontFamily } = getComputedStyle(this.root);
    const theme = colorScheme.startsWith("dark") ? "dark" : "light";
    const how = `${theme} ${width}`;
    if (!this.wanted.has(place) || width === 0 || place.dataset.drawing === how) return;
    place.dataset.drawing = how;
    const figure = this.model.get("content").figures[place.dataset.figure];
    try {
      const plotly = await this.plotly();
      if (place.dataset.drawing !== how || !place.isConnected) return;
      const template = this.model.get("templates")[theme];
      const layout = { ...structuredClone(figure.layout), width, template, font: { family: fontFamily } };
      await plotly.react(place, structuredClone(figure.data), layout, figure.config);
      place.dataset.drawn = theme;
    } catch (error) {
      console.warn("aralify: the chart could not be drawn", error);
      place.closest("figure").hidden = true; // the table below says the same
      place.closest("section").querySelector("details").open = true;
    }
  }

  plotly() {
    drawing ??= kept(this.model.get("plotly_version"), () => this.ask()).then(run);
    drawing.catch(() => (drawing = undefined));
    return drawing;
  }

  ask() {
    return new Promise((resolve) => {
      this.answered = resolve;
      this.send("plotly", {});
    });
  }

  receive(message, buffers) {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.root.removeAttribute("aria-busy");
    if (this.unanswered && !message.plotly && --this.unanswered === 0) this.show();
    if (message.plotly) this.answered?.(buffers[0]);
    if (message.say) this.voice.textContent = message.say;
    if (message.open) openNotebook(this.root, message.open);
  }

  click(event) {
    const control = event.target.closest("[data-action]");
    if (!control || control.tagName === "FORM") return;
    const { action, value } = control.dataset;
    if (action === "print") return this.wantAll().then(() => window.print());
    if (action === "copy") return this.copy(value);
    this.acted = { action, name: nameOf(control), top: scroller(this.root).scrollTop };
    this.root.setAttribute("aria-busy", "true");
    this.send(action, value === undefined ? {} : { value });
  }

  // Copies the address that is spelt out; a browser offers its clipboard to secure pages only, and this to any.
  copy(told) {
    getSelection().selectAllChildren(this.root.querySelector("[data-spelt]"));
    if (document.execCommand("copy")) this.voice.textContent = told;
  }

  // What was typed goes with its form; what is typed elsewhere survives a new rendering.
  async submit(event) {
    event.preventDefault();
    const form = event.target;
    this.root.setAttribute("aria-busy", "true");
    const values = [...new FormData(form)].map(async ([name, value]) => [name, await asText(value)]);
    this.send(form.dataset.action, Object.fromEntries(await Promise.all(values)));
  }

  fields() {
    return [...this.root.querySelectorAll("textarea, select, input:not([type=hidden], [type=file])")];
  }

  send(action, values) {
    this.model.send({ action, values });
  }
}

// The value of a field before anybody touched it.
function cameWith(field) {
  if (!field.options) return field.defaultValue;
  return (field.querySelector("option[selected]") ?? field.options[0])?.value;
}

// Keeps in a field of a new rendering what was typed or chosen in the one before, where it can still be.
function keep(field, before) {
  const isThere = !field.options || [...field.options].some(({ value }) => value === before?.value);
  if (before && isThere) field.value = before.value;
}

// A file travels as base64, as all that a form sends is text.
async function asText(value) {
  if (!(value instanceof File)) return value;
  const bytes = new Uint8Array(await value.arrayBuffer());
  let text = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}

// The page's own address, naming the class that it shows, if any: made anew, it shows the same.
function addressOf(classroom) {
  const here = new URL(location);
  if (classroom) here.searchParams.set("class", classroom);
  else here.searchParams.delete("class");
  return here;
}

// What a control is recognized by after a new rendering.
function nameOf(control) {
  return control.dataset.action && `${control.dataset.action} ${control.dataset.value}`;
}

// What scrolls the page: the window, or in JupyterLab a part of it.
function scroller(element) {
  for (let part = element.parentElement; part; part = part.parentElement) {
    if (part.scrollHeight > part.clientHeight && /auto|scroll/.test(getComputedStyle(part).overflowY)) return part;
  }
  return document.scrollingElement;
}

// ---- what the browser keeps; one that keeps nothing for us (a private window) begins anew each time

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

function remember(kept) {
  try {
    localStorage.setItem(KEPT, kept);
  } catch {
    // then the page is as it is at first, next time
  }
}

// ---- plotly.js

// Returns plotly.js, gzipped, from the browser's cache, else from `ask`. Only a secure origin (https, localhost) has one.
async function kept(version, ask) {
  const key = `/${LIBRARY}-${version}.js.gz`;
  const cache = await globalThis.caches?.open(LIBRARY).catch(() => undefined);
  const found = await cache?.match(key);
  if (found) return found.blob();
  const library = new Blob([await ask()]);
  for (const old of (await cache?.keys()) ?? []) await cache.delete(old);
  await cache?.put(key, new Response(library)).catch(() => undefined);
  return library;
}

// Runs the library as a module of its own, so that neither require.js nor another plotly on the page gets in its way.
async function run(gzipped) {
  const text = await new Response(gzipped.stream().pipeThrough(new DecompressionStream("gzip"))).text();
  const module = `const module = { exports: {} }, exports = module.exports, define = undefined;\n${text}\nexport default module.exports;`;
  const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  try {
    return (await import(url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

// ---- the server around the page

function address(path) {
  const config = document.getElementById("jupyter-config-data")?.textContent;
  return (config ? JSON.parse(config).baseUrl : "/") + path;
}

// `path` is a notebook below the workspace, which is where the server of `aralify lab` begins.
function openNotebook(root, path) {
  const app = window.jupyterapp;
  if (app?.commands?.hasCommand("docmanager:open") && app.shell.node.contains(root)) {
    app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  } else {
    location.assign(address(`lab/tree/${path.split("/").map(encodeURIComponent).join("/")}`));
  }
}

export default {
  render({ model, el }) {
    const page = new Page(model, el);
    return () => page.end();
  },
};
