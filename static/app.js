// Behaviour by delegated events: pages work without it, and faster with it.
// What an element does stands in its data- attribute.
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  let opener = null;

  // Toasts: one at a time, six seconds, longer under the pointer.
  const toast = (text) => {
    const note = document.createElement("div");
    note.className = "toast-note";
    note.textContent = text;
    document.getElementById("toasts").replaceChildren(note);
    const fade = () => (note.matches(":hover") ? setTimeout(fade, 2000) : note.remove());
    setTimeout(fade, 6000);
  };

  // Side panel: Esc closes it and gives the focus back.
  const panel = () => document.getElementById("panel");
  const closePanel = () => {
    if (!panel()?.children.length) return false;
    panel().replaceChildren();
    all("tr.selected").forEach((row) => row.classList.remove("selected"));
    if (opener?.isConnected) opener.focus();
    return true;
  };
  const dialog = () => document.getElementById("dialog");

  document.addEventListener("click", (event) => {
    const target = event.target;
    all("details.menu[open]").forEach((menu) => menu.contains(target) || menu.removeAttribute("open"));
    const closer = target.closest("[data-close]");
    if (closer) {
      const shown = closer.closest("dialog") || closer.closest("#panel");
      if (shown) event.preventDefault();
      if (shown?.matches("dialog")) shown.close();
      else if (shown) closePanel();
    }
    if (target.closest("[data-theme-toggle]")) {
      const dark = document.documentElement.dataset.bsTheme === "dark";
      localStorage.setItem("theme", dark ? "light" : "dark");
      document.documentElement.dataset.bsTheme = dark ? "light" : "dark";
    }
    const shortcuts = target.closest("[data-shortcuts-toggle]");
    if (shortcuts) {
      const off = localStorage.getItem("shortcuts") === "off";
      localStorage.setItem("shortcuts", off ? "on" : "off");
      showShortcuts();
    }
    const step = target.closest("[data-step]");
    if (step) {
      const field = step.parentElement.querySelector("input");
      field.value = Math.max(0, (parseFloat(field.value) || 0) + parseFloat(step.dataset.step));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const fill = target.closest("[data-fill]");
    if (fill) {
      event.preventDefault();
      all("input[data-open]", fill.closest("form")).forEach((field) => {
        field.value = field.dataset.open;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
    }
    const copy = target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => toast(`${copy.dataset.copy} copied`));
  });

  // Tables: all on this page, and what is selected.
  const countSelected = (form) => {
    const chosen = all("input.row-check:checked", form);
    const sum = (name) => chosen.reduce((total, box) => total + (parseFloat(box.dataset[name]) || 0), 0);
    const put = (name, text) => all(`[data-bulk="${name}"]`, form).forEach((node) => { node.textContent = text; });
    put("count", `${chosen.length} selected`);
    put("units", `${sum("units").toLocaleString("en-GB")} units`);
    put("amount", sum("amount").toLocaleString("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 }));
  };
  document.addEventListener("change", (event) => {
    const target = event.target;
    const form = target.closest("form");
    if (target.matches("[data-select-all]")) {
      all("input.row-check", form).forEach((box) => { box.checked = target.checked; });
    }
    if (target.matches("[data-select-all], input.row-check")) countSelected(form);
    if (form?.matches("[data-autosubmit]") && !target.matches("[type=search]")) form.requestSubmit();
    if (target.matches("[data-show-name]")) {
      const name = document.getElementById(target.dataset.showName);
      if (name) name.textContent = target.files?.[0]?.name || "";
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-deselect]")) return;
    const form = event.target.closest("form");
    all("input.row-check, [data-select-all]", form).forEach((box) => { box.checked = false; });
  });

  // A column of inputs: Enter and arrows go down and up, focus selects.
  const gridMove = (event) => {
    const field = event.target;
    if (!field.matches?.("[data-grid]")) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const column = all(`[data-grid="${field.dataset.grid}"]`);
    const next = column[column.indexOf(field) + by];
    if (next) next.focus();
    else field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-grid]")) event.target.select();
  });

  // Keys: Ctrl K or / searches, Esc closes, a single letter presses [data-key].
  const pressLetter = (event) => {
    if (localStorage.getItem("shortcuts") === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event.target) || dialog()?.open) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("search")?.focus();
    }
    const pressed = all("[data-key]").find((node) => node.dataset.key === event.key.toLowerCase());
    if (pressed) {
      event.preventDefault();
      pressed.click();
    }
  };
  document.addEventListener("keydown", (event) => {
    gridMove(event);
    if ((event.ctrlKey || event.metaKey) && event.key === "k") {
      event.preventDefault();
      document.getElementById("search")?.focus();
    } else if (event.key === "Escape" && !dialog()?.open) {
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      } else closePanel();
    } else pressLetter(event);
  });

  // Scanning: Enter in the scan field goes to the line with that code.
  document.addEventListener("keydown", (event) => {
    const scan = event.target.closest?.("[data-scan]");
    if (!scan || event.key !== "Enter") return;
    event.preventDefault();
    const code = scan.value.trim().toLowerCase();
    const line = all("[data-codes]").find((node) => node.dataset.codes.toLowerCase().split("|").includes(code));
    const told = document.getElementById(scan.dataset.scan);
    if (told) told.textContent = line ? "" : `No line of this order has the code ${scan.value}.`;
    if (!line) return;
    const field = line.querySelector("input[type=number], input[inputmode]");
    field.value = (parseFloat(field.value) || 0) + (parseFloat(line.dataset.pack) || 1);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    line.scrollIntoView({ block: "center" });
    scan.value = "";
  });

  // Files may be dropped on [data-drop].
  const drop = (event) => event.target.closest?.("[data-drop]");
  document.addEventListener("dragover", (event) => drop(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    const zone = drop(event);
    if (!zone || !event.dataTransfer.files.length) return;
    event.preventDefault();
    const field = zone.querySelector("input[type=file]");
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // htmx: what is told, what is focused, what went wrong.
  let running = 0;
  const busy = (by) => {
    running = Math.max(0, running + by);
    document.body.classList.toggle("busy", running > 0);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    busy(1);
    if (event.detail.target?.id === "panel") {
      if (panel().contains(event.detail.elt)) return;
      opener = event.detail.elt;
      all("tr.selected").forEach((row) => row.classList.remove("selected"));
      opener.closest("tr")?.classList.add("selected");
    }
  });
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id === "dialog" && !dialog().open) dialog().showModal();
    if (event.detail.target.id === "panel") panel().querySelector("[data-focus], h2")?.focus();
    else event.detail.target.querySelector?.("[data-focus]")?.focus();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const number = event.detail.xhr.getResponseHeader("X-Request-ID");
    const told = { 403: "Your role does not allow this.", 404: "That is not there any more. Reload the page." };
    toast(told[event.detail.xhr.status] || `That did not work. Try again. Request ${number || "unknown"}`);
  });
  document.addEventListener("htmx:sendError", () => toast("No connection. What you typed is kept; try again."));

  // Uploads: how much of the file has arrived.
  document.addEventListener("htmx:xhr:progress", (event) => {
    const shown = event.target.querySelector?.("[data-upload-progress]");
    if (!shown || !event.detail.lengthComputable) return;
    const percent = Math.floor((100 * event.detail.loaded) / event.detail.total);
    shown.hidden = false;
    shown.querySelector("progress").value = percent;
    shown.querySelector("[role=status]").textContent = percent < 100 ? `${percent} % uploaded` : "Looking at the file";
  });

  const showShortcuts = () => {
    const off = localStorage.getItem("shortcuts") === "off";
    all("[data-shortcuts-toggle]").forEach((node) => { node.textContent = off ? "Switch shortcuts on" : "Switch shortcuts off"; });
  };
  all("[data-passing]").forEach((node) => setTimeout(() => node.remove(), 8000));
  document.querySelector("[data-focus]")?.focus();
  showShortcuts();
})();
