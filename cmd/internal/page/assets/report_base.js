"use strict";
// What the parts of a report share: elements, words for numbers, tables, and drawing when a part is seen.
// Everything that stems from a file becomes text by R.clean: no part makes markup of it.
var ktzipReport = {};
(function (R) {
  const svgSpace = "http://www.w3.org/2000/svg";
  const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/g;

  // clean shows characters that are not seen, or that reorder others, as escapes.
  R.clean = s => String(s).replace(unseen, c => c === "\ufffd" || c === "\ufffc" ? c : "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

  function fill(e, props, children) {
    for (const [key, value] of Object.entries(props || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
      else if (key === "css") Object.entries(value).forEach(([k, v]) => e.style.setProperty(k, v));
      else if (key === "href" && value[0] !== "#") throw new Error("a link out of the page");
      else e.setAttribute(key, value === true ? "" : R.clean(value));
    }
    R.add(e, children);
    return e;
  }

  // add appends nodes and texts.
  R.add = function (e, children) {
    for (const c of [children].flat(Infinity)) {
      if (c === undefined || c === null || c === false) continue;
      e.append(c instanceof Node ? c : document.createTextNode(R.clean(c)));
    }
    return e;
  };
  R.el = (tag, props, ...children) => fill(document.createElement(tag), props, children);
  R.svg = (tag, props, ...children) => fill(document.createElementNS(svgSpace, tag), props, children);

  // num groups the digits of an integer; dec has so many decimals.
  R.num = n => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
  R.dec = function (x, decimals) {
    const [whole, fraction] = Math.abs(x).toFixed(decimals).split(".");
    return (x < 0 ? "\u2212" : "") + whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction ? "." + fraction : "");
  };
  R.count = (n, noun) => R.num(n) + " " + noun + (n === 1 ? "" : "s");
  R.bytes = n => R.count(n, "byte");
  R.short = function (n) {
    if (n < 1000) return Math.round(n) + " B";
    const [unit, size] = n < 999.5e3 ? ["kB", 1e3] : n < 999.5e6 ? ["MB", 1e6] : ["GB", 1e9], x = n / size;
    return (x < 10 ? x.toFixed(2) : x < 100 ? x.toFixed(1) : x.toFixed(0)) + " " + unit;
  };
  // words groups the digits of whole numbers in a sentence.
  R.words = s => String(s || "").replace(/(^|[\s(])(\d{4,})(?=$|[\s,.;:)])/g, (_, before, n) => before + n.replace(/\B(?=(\d{3})+$)/g, ","));
  R.percent = x => R.dec(100 * x, Math.abs(x) < 0.0995 ? 2 : 1) + " %";
  R.speed = x => x > 0 ? R.short(x) + "/s" : "not measured";
  R.rate = (bits, bytes) => bytes > 0 ? R.dec(bits / bytes, 2) : "\u2013";

  // characters shows what a preview of hexadecimal digits says as text; it is longer than what it previews, and text is not.
  const previewed = 48; // bytes
  R.characters = function (preview, size) {
    const digits = String(preview || "");
    if (digits.length <= Math.min(size, previewed) || !/^[0-9a-f]{2}( [0-9a-f]{2})*$/.test(digits)) return null;
    const text = digits.split(" ").map(d => parseInt(d, 16)).map(c => c >= 32 && c < 127 ? String.fromCharCode(c) : "\u00b7").join("");
    return R.el("code", { class: "characters", title: "The same as characters; a dot stands for what is none" }, text);
  };

  let last = 0;
  R.id = word => "ktzip-" + word + "-" + ++last;
  R.heading = (level, ...children) => R.el("h" + Math.min(6, level + R.level), {}, children);

  // palette is viridis: its lightness grows with the cost, so that everybody can read it.
  R.palette = ["#440154", "#481a6c", "#472f7d", "#414487", "#39568c", "#31688e", "#2a788e", "#23888e",
    "#1f988b", "#22a884", "#35b779", "#54c568", "#7ad151", "#a5db36", "#d2e21b", "#fde725"];
  // It grows with the root of the rate, since most of what is compressed costs little.
  const shade = rate => Math.max(0, Math.min(15, Math.round(Math.sqrt(Math.max(0, rate) / 8) * 15)));
  R.colour = rate => R.palette[shade(rate)] || R.palette[0];
  R.inkOn = rate => shade(rate) > 7 ? "#14181b" : "#ffffff";

  // bar is a bar for a number that stands beside it in words.
  R.bar = (share, kind) => R.el("span", { class: "bar " + (kind || ""), "aria-hidden": "true" },
    R.el("span", { css: { width: 100 * Math.max(0, Math.min(1, share || 0)) + "%" } }));

  // table makes a table: columns have a title, a cell of each row, and are numbers or not. The first
  // column heads the rows.
  R.table = function (caption, columns, rows, quiet) {
    const head = R.el("tr", {}, columns.map(c => R.el("th", { scope: "col", class: c.number ? "number" : c.class }, c.title)));
    const body = R.el("tbody");
    rows.forEach((row, i) => body.append(R.el("tr", {}, columns.map((c, k) =>
      R.el(k ? "td" : "th", { scope: k ? null : "row", class: c.number ? "number" : c.class }, c.cell(row, i))))));
    return R.el("div", { class: "scroll" }, R.el("table", {},
      R.el("caption", { class: quiet ? "unseen" : null }, caption), R.el("thead", {}, head), body));
  };

  let pending = new Map(), folds = [];
  const watch = typeof IntersectionObserver === "undefined" ? null : new IntersectionObserver(function (seen) {
    seen.filter(s => s.isIntersecting).forEach(s => now(s.target));
  }, { rootMargin: "600px" });

  function now(box) {
    const draw = pending.get(box);
    if (!draw) return;
    pending.delete(box);
    if (watch) watch.unobserve(box);
    box.style.removeProperty("min-height");
    R.guard(box, draw);
  }

  // guard draws into a box. If that fails, the other parts of the report stay.
  R.guard = function (box, draw) {
    try {
      draw(box);
    } catch (error) {
      box.append(R.el("p", { class: "note" }, "This part cannot be drawn: ", String(error)));
      console.error(error);
    }
  };

  // lazy draws into a box when that comes near to what is seen.
  R.lazy = function (box, height, draw) {
    box.style.setProperty("min-height", height + "px");
    pending.set(box, draw);
    if (watch) watch.observe(box); else now(box);
    return box;
  };

  // fold makes a part that is drawn when it is opened. What is bulky stays shut on paper.
  R.fold = function (summary, draw, options) {
    const o = options || {};
    const body = R.el("div", { class: "fold" });
    const fold = R.el("details", { class: o.class }, R.el("summary", {}, summary), body);
    let drawn = false;
    const open = function () {
      if (drawn) return;
      drawn = true;
      R.guard(body, draw);
    };
    fold.addEventListener("toggle", () => fold.open && open());
    fold.unfold = function () { fold.open = true; open(); };
    if (!o.bulky) folds.push(fold);
    if (o.open) fold.unfold();
    return fold;
  };

  // all draws everything that is not drawn yet, and opens what is not bulky.
  R.all = function () {
    const opened = [];
    for (let more = true; more;) {
      more = false;
      for (const box of [...pending.keys()]) { now(box); more = true; }
      for (const f of [...folds]) {
        if (f.isConnected && !f.open) { f.unfold(); opened.push(f); more = true; }
      }
    }
    return opened;
  };

  // forget drops what waits to be drawn.
  R.forget = function () {
    pending.forEach((_, box) => watch && watch.unobserve(box));
    pending = new Map();
    folds = [];
  };

  // jump shows an element: it opens what hides it, and moves the focus there.
  R.jump = function (e) {
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (p.tagName === "DETAILS" && !p.open) p.unfold ? p.unfold() : p.open = true;
    }
    if (!e.hasAttribute("tabindex")) e.setAttribute("tabindex", "-1");
    e.scrollIntoView({ block: "start" });
    e.focus({ preventScroll: true });
  };
  // link is a button that looks like a link.
  R.link = (does, ...children) => R.el("button", { type: "button", class: "link", onclick: does }, children);
})(ktzipReport);
