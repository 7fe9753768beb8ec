// Keys for curators: one letter presses the button that shows it. Off while a field has the focus,
// and for good where the box is not ticked (WCAG 2.1.4). The page works the same without.
const box = document.getElementById("keys");
const kept = "maillon-review-keys";

const read = () => {
  try {
    return localStorage.getItem(kept) !== "off";
  } catch {
    return true; // the browser keeps nothing: the keys work until the box is unticked
  }
};

const keep = (on) => {
  try {
    localStorage.setItem(kept, on ? "on" : "off");
  } catch {
    // Nothing is kept, and nothing is lost but the wish on the next page.
  }
};

if (box) {
  box.checked = read();
  box.closest(".keys").hidden = false;
  box.addEventListener("change", () => keep(box.checked));
  document.addEventListener("keydown", (event) => {
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!box.checked || field || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "n") {
      event.preventDefault();
      document.getElementById("why").focus();
      return;
    }
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
    }
  });
}

// Opened by its key, a form is filled in from the keyboard; Escape leaves it, and the keys work again.
for (const mend of document.querySelectorAll("details.mend")) {
  mend.addEventListener("toggle", () => {
    if (mend.open) mend.querySelector("select, input:not([type=hidden])").focus();
  });
  mend.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    mend.open = false;
    mend.querySelector("summary").focus();
  });
}
