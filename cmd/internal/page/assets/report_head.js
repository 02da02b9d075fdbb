// The head of a report: name, sizes, what the file holds, what is damaged, every figure of its list, and how
// others compress it.
(function (R) {
  const el = R.el;
  const yes = b => b ? "yes" : "no";
  const share = x => x === null ? "none" : R.percent(x);

  // figures has the words and the form of each figure of a list; others show as they are.
  const figures = {
    name: ["Name", String], name_base64: ["Bytes of the name, base64", String],
    compressed: ["Compressed", R.bytes], original: ["Original", R.bytes],
    ratio: ["Compressed / original", x => x === null ? "none" : R.dec(x, 4)],
    segments: ["Segments", R.num], blocks: ["Blocks", R.num], program_blocks: ["Blocks with a program", R.num],
    program_share: ["Their share", share], program_bytes: ["Plans and programs", R.bytes],
    raw_bytes: ["Members", R.bytes], memory: ["Memory to restore", R.bytes], predicted: ["Predicted", yes],
    restore_speed: ["Expected to restore at", x => R.num(x) + " bytes a second"], plan: ["With a plan", yes],
    plan_names: ["Plan", String], format_version: ["Format", x => "version " + x],
    edition: ["Language", x => "edition " + x], block_size: ["Block", R.bytes],
    segment_size: ["Largest segment", R.bytes], mtime: ["Modified", String], mode: ["Mode", String], size: ["Size in the header", R.bytes],
  };

  // leaf is one figure: its key is the path in the JSON of the list.
  function leaf(path, key, value) {
    const [words, form] = figures[key] || [key.replace(/_/g, " "), String];
    return el("div", {}, el("dt", {}, words), el("dd", {}, el("data", { "data-key": path, value: String(value) },
      value === null ? "none" : form(value))));
  }

  // walk lists the figures of an object below a path, those of lists of objects aside.
  function walk(object, path, out, objects) {
    for (const [key, value] of Object.entries(object)) {
      const here = path + key;
      if (!Array.isArray(value)) {
        out.push(leaf(here, key, value));
      } else if (value.length && typeof value[0] === "object") {
        value.forEach((v, i) => objects.push([key, here + "." + i + ".", v, value.length]));
      } else {
        value.forEach((v, i) => out.push(leaf(here + "." + i, key, v)));
      }
    }
  }

  R.figures = function (list) {
    const own = [], objects = [];
    walk(list, "", own, objects);
    const parts = objects.map(function ([, path, header, n], i) {
      const fields = [];
      walk(header, path, fields, []);
      return [R.heading(3, n > 1 ? "Header of file " + R.num(i + 1) : "Header"), el("dl", { class: "figures" }, fields)];
    });
    const many = objects.length > 3;
    return el("section", { class: "all-figures", "aria-labelledby": "ktzip-figures" },
      el("h" + (2 + R.level), { id: "ktzip-figures" }, "All figures"), el("dl", { class: "figures" }, own),
      many ? R.filled(R.count(objects.length, "header"), parts) : parts);
  };

  // filled is a fold whose content is there from the beginning, for programs that read the page.
  R.filled = (summary, content) => el("details", {}, el("summary", {}, summary), content);

  function fact(words, value, note) {
    return el("div", { class: "fact" }, el("dt", {}, words), el("dd", {}, value, note ? el("small", {}, note) : null));
  }

  // shrink shows the compressed size beside the original one.
  function shrink(list) {
    const whole = Math.max(list.original, list.compressed, 1);
    const part = (n, kind) => el("span", { class: kind, css: { width: 100 * n / whole + "%" } });
    const key = (kind, words, n) => el("span", {}, el("span", { class: "key " + kind }), words + " " + R.bytes(n));
    const other = Math.max(0, list.compressed - list.raw_bytes - list.program_bytes);
    return el("figure", { class: "shrink" },
      el("div", { class: "shrink-bar", "aria-hidden": "true" }, part(list.program_bytes, "programs"), part(list.raw_bytes, "members"), part(other, "frame")),
      el("figcaption", {}, key("programs", "plans and programs", list.program_bytes), key("members", "what they leave", list.raw_bytes),
        key("frame", "headers, checksums, index", other)));
  }

  R.head = function (report) {
    const list = report.list;
    const less = list.ratio === null ? "\u2013" : R.percent(list.ratio);
    return el("header", { class: "head" },
      el("p", { class: "kicker" }, "What ktzip found in"),
      el("h" + (1 + R.level), { class: "name" }, el("bdi", {}, list.name || "(no name)")),
      el("dl", { class: "facts" },
        fact("Takes", less, "of the original"),
        fact("Original", R.short(list.original), R.bytes(list.original)),
        fact("Compressed", R.short(list.compressed), R.bytes(list.compressed)),
        list.restore_speed ? fact("Restores at about", R.speed(list.restore_speed), "one thread") : fact("Restores in", R.short(list.memory), "of memory, one thread")),
      shrink(list),
      (report.words || []).length ? el("div", { class: "words" }, report.words.map((w, i) => el("p", { class: i ? null : "lead" }, R.words(w)))) : null,
      report.from ? el("p", { class: "note" }, "Compressed for this report with ", el("code", {}, "ktzip " + report.from), ".") : null,
      damage(report));
  };

  function damage(report) {
    const list = report.damage || [];
    if (!list.length) return null;
    const lost = list.reduce((sum, d) => sum + Math.max(0, d.size), 0);
    const unknown = list.some(d => d.size < 0);
    return el("section", { class: "damage", "aria-labelledby": "ktzip-damage" },
      el("h" + (2 + R.level), { id: "ktzip-damage" }, "Damaged"),
      el("p", {}, unknown ? "At least " + R.bytes(lost) + " cannot be restored." : R.bytes(lost) + " cannot be restored.",
        " Everything else below passed its checksums and is intact."),
      R.table("What is missing", [
        { title: "Offset", number: true, cell: d => d.offset < 0 ? "unknown" : R.num(d.offset) },
        { title: "Bytes", number: true, cell: d => d.size < 0 ? "unknown" : R.num(d.size) },
        { title: "Why", cell: d => d.error }], list));
  }

  // methods compares compressors by bars in a table.
  R.methods = function (report) {
    const list = [...report.methods].sort((a, b) => a.bytes - b.bytes);
    const most = Math.max(...list.map(m => m.bytes), 1);
    const ours = m => /^ktzip/.test(m.name);
    const speeds = list.some(m => m.compress > 0 || m.restore > 0);
    return [R.heading(2, "Beside other compressors"),
      el("p", { class: "note" }, "Measured when this report was made, on the machine that made it",
        speeds ? "; speeds are bytes of the original per second of one thread." : "."),
      R.table("Sizes and speeds of compressors on this file", [
        { title: "Compressor", cell: m => ours(m) ? el("strong", {}, m.name) : m.name },
        { title: "Bytes", number: true, cell: m => R.num(m.bytes) },
        { title: "", class: "wide", cell: m => R.bar(m.bytes / most, ours(m) ? "ours" : "") },
        { title: "Of the original", number: true, cell: m => report.list.original ? R.percent(m.bytes / report.list.original) : "\u2013" },
        { title: "Compresses", number: true, cell: m => R.speed(m.compress) },
        { title: "Restores", number: true, cell: m => R.speed(m.restore) }], list, true)];
  };

  const firstCostly = 8; // stretches that are shown at once

  // costly lists the stretches that cost most; show shows one on the map.
  R.costly = function (report, show) {
    const most = Math.max(...report.costly.map(s => s.bits), 1);
    const table = list => R.table("Stretches that cost most", [
      { title: "Stretch", cell: s => R.link(() => show(s), R.words(s.words) || "not told apart") },
      { title: "Offset", number: true, cell: s => R.num(s.offset) },
      { title: "Bytes", number: true, cell: s => R.num(s.size) },
      { title: "Cost, bytes", number: true, cell: s => R.num(s.bits / 8) },
      { title: "", class: "wide", cell: s => R.bar(s.bits / most) },
      { title: "Of the file", number: true, cell: s => report.list.compressed ? R.percent(s.bits / 8 / report.list.compressed) : "\u2013" },
      { title: "Bits a byte", number: true, cell: s => R.rate(s.bits, s.size) }], list, true);
    return [R.heading(2, "Where the bits go"),
      el("p", { class: "note" }, "The stretches that cost most. Choose one to see it on the map."),
      table(report.costly.slice(0, firstCostly)),
      report.costly.length > firstCostly ? R.fold(R.num(report.costly.length - firstCostly) + " more", b => b.append(table(report.costly.slice(firstCostly)))) : null];
  };
})(ktzipReport);
