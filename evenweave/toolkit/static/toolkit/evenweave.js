// What pages can do beyond HTML: every page works without this file. A plain module, nothing inline, nothing global.

const html = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const clock = (at) => new Intl.DateTimeFormat(html.lang, { hour: "2-digit", minute: "2-digit", numberingSystem: "latn" }).format(at);

// ---- light or dark: a cookie, so that the server draws the first paint right

function showTheme(choice) {
  if (choice) html.dataset.theme = choice;
  else delete html.dataset.theme;
  for (const button of all("[data-theme-choice]")) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
}

function themes() {
  for (const group of all("[data-theme-switch]")) group.hidden = false;
  showTheme(html.dataset.theme || "");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    const choice = button.dataset.themeChoice;
    document.cookie = `ew_theme=${choice}; path=/; max-age=${choice ? 31536000 : 0}; samesite=lax`;
    showTheme(choice);
  });
}

// ---- menus close when attention goes elsewhere

function menus() {
  const closeOthers = (kept) => all("details[data-menu][open]").forEach((menu) => { if (menu !== kept) menu.open = false; });
  document.addEventListener("click", (event) => closeOthers(event.target.closest("details[data-menu]")));
  document.addEventListener("focusin", (event) => closeOthers(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector("details[data-menu][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
}

function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  });
}

// ---- forms

const isTyped = (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type);
const draftOf = (form) => form.querySelector('input[name="ew-draft"]');
const draftKey = (mark, path = location.pathname) => `ew-draft:${mark.dataset.owner}:${path}:${mark.value}`;

function typedIn(form) {
  const values = {};
  for (const field of form.elements) {
    if (!isTyped(field)) continue;
    const isChoice = field.type === "checkbox" || field.type === "radio";
    (values[field.name] ??= []).push(isChoice ? (field.checked ? field.value : null) : field.value);
  }
  return values;
}

function putBack(form, values) {
  const seen = {};
  let changed = false;
  for (const field of form.elements) {
    if (!isTyped(field)) continue;
    const at = (seen[field.name] = (seen[field.name] ?? -1) + 1);
    const kept = values[field.name]?.[at];
    if (kept === undefined) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked === (kept !== null)) continue;
      field.checked = kept !== null;
    } else {
      if (field.value === kept) continue;
      field.value = kept;
    }
    changed = true;
  }
  return changed;
}

function forgetSaved() {
  // The server names the draft that a redirect answered: only then is it safe there.
  const saved = document.cookie.split("; ").find((part) => part.startsWith("ew_saved="))?.slice(9);
  if (!saved) return;
  document.cookie = "ew_saved=; path=/; max-age=0; samesite=lax";
  for (const key of Object.keys(localStorage)) if (key.startsWith("ew-draft:") && key.endsWith(`:${saved}`) && localStorage.getItem(`${key}:sent`)) forget(key);
}

function forget(key) {
  localStorage.removeItem(key);
  localStorage.removeItem(`${key}:sent`);
}

function offerDraft(form, mark) {
  const key = draftKey(mark);
  const kept = JSON.parse(localStorage.getItem(key) || "null");
  if (!kept || !putBack(form, kept.values)) return;
  const note = document.createElement("p");
  note.className = "ew-saved";
  note.setAttribute("role", "status");
  note.append(`${mark.dataset.back.replace("{time}", clock(kept.at))} `);
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "ew-btn ew-btn-quiet ew-btn-sm";
  discard.textContent = mark.dataset.discard;
  discard.addEventListener("click", () => { forget(key); form.reset(); note.remove(); });
  note.append(discard);
  mark.after(note);
}

function drafts(within = document) {
  for (const mark of all('input[name="ew-draft"]', within)) {
    const form = mark.form;
    if (!form || form.dataset.keeping) continue;
    form.dataset.keeping = "yes";
    offerDraft(form, mark);
    const keep = () => {
      localStorage.setItem(draftKey(mark), JSON.stringify({ at: Date.now(), values: typedIn(form) }));
      localStorage.removeItem(`${draftKey(mark)}:sent`);
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
    form.addEventListener("submit", () => { if (localStorage.getItem(draftKey(mark))) localStorage.setItem(`${draftKey(mark)}:sent`, "yes"); });
  }
}

function busyButtons() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "yes";
    const button = event.submitter;
    if (button?.dataset.busy) {
      button.dataset.label = button.querySelector("span").textContent;
      button.querySelector("span").textContent = button.dataset.busy;
      button.setAttribute("aria-busy", "true");
    }
  });
  const ready = () => all("form[data-sending]").forEach((form) => {
    delete form.dataset.sending;
    for (const button of all("[aria-busy]", form)) {
      button.removeAttribute("aria-busy");
      button.querySelector("span").textContent = button.dataset.label;
    }
  });
  addEventListener("pageshow", ready);
  document.addEventListener("htmx:afterRequest", ready);
  // A file that downloads leaves the page where it is: the form may be sent again.
  document.addEventListener("submit", (event) => setTimeout(() => { if (event.target.dataset.sending) ready(); }, 10000));
}

function errors(within = document) {
  within.querySelector("[data-error-summary]")?.focus();
}

// ---- htmx: the token of the page, and where the work is safe

function saving() {
  const stateOf = (event) => event.target.closest("form")?.querySelector("[data-saved-state]");
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('input[name="csrfmiddlewaretoken"]')?.value;
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const state = stateOf(event);
    if (state) state.textContent = state.dataset.saving;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const state = stateOf(event);
    if (!state) return;
    state.textContent = event.detail.successful ? state.dataset.saved.replace("{time}", clock(new Date())) : state.dataset.failed;
    const mark = event.detail.successful && draftOf(event.target.closest("form"));
    if (mark) forget(draftKey(mark));
  });
  document.addEventListener("htmx:load", (event) => { drafts(event.target); errors(event.target); });
}

// ---- board: dragging is extra, the Move menu does the same

function boards() {
  for (const board of all("[data-board]")) {
    let moved = null;
    for (const card of all("[data-card]", board)) card.draggable = true;
    board.addEventListener("dragstart", (event) => { moved = event.target.closest("[data-card]"); moved?.classList.add("ew-is-dragged"); });
    board.addEventListener("dragend", () => { moved?.classList.remove("ew-is-dragged"); all(".ew-is-target", board).forEach((lane) => lane.classList.remove("ew-is-target")); });
    const buttonFor = (lane) => moved && all(".ew-menu-body button:not([disabled])", moved).find((button) => button.value === lane?.dataset.lane);
    board.addEventListener("dragover", (event) => {
      const lane = event.target.closest("[data-lane]");
      all(".ew-is-target", board).forEach((other) => { if (other !== lane) other.classList.remove("ew-is-target"); });
      if (!buttonFor(lane)) return;
      event.preventDefault();
      lane.classList.add("ew-is-target");
    });
    board.addEventListener("drop", (event) => { event.preventDefault(); buttonFor(event.target.closest("[data-lane]"))?.click(); });
  }
}

themes();
menus();
dialogs();
forgetSaved();
busyButtons();
saving();
boards();
drafts();
errors();
