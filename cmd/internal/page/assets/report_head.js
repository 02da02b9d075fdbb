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
    program_share: ["Share of blocks with a program", share], program_bytes: ["Plans and programs", R.bytes],
    raw_bytes: ["Members (coded data)", R.bytes], memory: ["Memory to restore", R.bytes], predicted: ["With predictors", yes],
    restore_speed: ["Expected to restore at", x => R.num(x) + " bytes a second"], plan: ["With a plan", yes],
    plan_names: ["Operations of the plan", String], format_version: ["Format", x => "version " + x],
    edition: ["Language of programs", x => "edition " + x], block_size: ["Size of a block", R.bytes],
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
  function shrink(list, damaged) {
    const whole = Math.max(list.original, list.compressed, 1);
    const part = (n, kind) => el("span", { class: kind, css: { width: 100 * n / whole + "%" } });
    const key = (kind, words, n) => el("span", {}, el("span", { class: "key " + kind }), words + " " + R.bytes(n));
    const other = Math.max(0, list.compressed - list.raw_bytes - list.program_bytes);
    return el("figure", { class: "shrink" },
      el("div", { class: "shrink-bar", "aria-hidden": "true" }, part(list.program_bytes, "programs"), part(list.raw_bytes, "members"), part(other, "frame")),
      el("figcaption", {}, key("programs", "plans and programs", list.program_bytes), key("members", "data that they leave to code", list.raw_bytes),
        key("frame", damaged ? "headers, checksums, index, and what is damaged" : "headers, checksums, index", other)));
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
        list.restore_speed ? fact("Restores at about", R.speed(list.restore_speed), "one thread") : fact("Memory to restore", R.short(list.memory), "one thread")),
      shrink(list, (report.damage || []).length > 0),
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
        speeds ? "; speeds are bytes of the original per second of one thread. A dash stands for what was not measured." : "."),
      R.table("Sizes and speeds of compressors on this file", [
        { title: "Compressor", cell: m => ours(m) ? el("strong", {}, m.name) : m.name },
        { title: "Bytes", number: true, cell: m => R.num(m.bytes) },
        { title: "", class: "wide", cell: m => R.bar(m.bytes / most, ours(m) ? "ours" : "") },
        { title: "Of the original", number: true, cell: m => report.list.original ? R.percent(m.bytes / report.list.original) : "\u2013" },
        { title: "Compresses", number: true, cell: m => m.compress > 0 ? R.speed(m.compress) : "\u2013" },
        { title: "Restores", number: true, cell: m => m.restore > 0 ? R.speed(m.restore) : "\u2013" }], list, true)];
  };

  const firstCostly = 8; // rows that are shown at once

  // most shows the first rows of a table, and the others in a fold.
  const most = (list, table) => [table(list.slice(0, firstCostly)),
    list.length > firstCostly ? R.fold(R.num(list.length - firstCostly) + " more", b => b.append(table(list.slice(firstCostly)))) : null];

  // costly lists the parts and the stretches that cost most; open shows the detail of a part, show a stretch on the map.
  R.costly = function (report, open, show) {
    const parts = report.parts || [], stretches = [...report.costly || []].sort((a, b) => b.bits - a.bits), coded = 8 * report.list.compressed;
    const largest = list => Math.max(...list.map(s => s.bits), 1);
    const cost = list => [
      { title: "Cost, bytes", number: true, cell: s => R.num(s.bits / 8) },
      { title: "", class: "wide", cell: s => R.bar(s.bits / largest(list)) },
      { title: "Of the cost", number: true, cell: s => coded ? R.percent(s.bits / coded) : "\u2013" }];
    const values = parts.some(p => (p.samples || []).length);
    const alike = stretches.every(s => s.words === (stretches[0] || {}).words);
    return [R.heading(2, "Where the bits go"),
      parts.length ? [el("p", { class: "note" }, "The parts of the data that cost most, and what they take of the compressed size. Choose one to see how it is made."),
        most(parts, list => R.table("Parts that cost most", [
          { title: "Part", cell: p => report.details[p.detail] ? R.link(() => open(p.detail), R.words(p.words)) : R.words(p.words) },
          values && { title: "Some values", class: "mono samples", cell: p => (p.samples || []).slice(0, 3).join("  ") }, ...cost(parts)].filter(Boolean), list, true))] : null,
      stretches.length ? [R.heading(3, "Stretches of the file"), el("p", { class: "note" }, "Those that cost more than the average. Choose one to see it on the map."),
        most(stretches, list => R.table("Stretches that cost most", [
          { title: "Bytes of the file", cell: s => R.link(() => show(s), R.num(s.offset) + " to " + R.num(s.offset + s.size - 1)) },
          alike ? null : { title: "Holds", cell: s => R.words(s.words) || "not told apart" },
          { title: "Bytes", number: true, cell: s => R.num(s.size) }, ...cost(stretches),
          { title: "Bits a byte", number: true, cell: s => R.rate(s.bits, s.size) }].filter(Boolean), list, true))] : null];
  };
})(ktzipReport);
