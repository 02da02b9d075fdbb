// The graph of a plan: steps in boxes, from the streams at the left to the segment at the right. Steps in a row
// share a box if the graph is too wide otherwise. Streams and parts of lists are written into the box of the step that takes them.
(function (R) {
  const el = R.el, svg = R.svg;
  const wide = 212, gapX = 44, gapY = 18, pad = 10, maxLines = 7;
  const maxNodes = 400; // of a plan with a graph; real ones have up to some sixty
  const fonts = { title: ["600", 13, 17], note: ["400", 11.5, 15], chip: ["400", 11.5, 15] };

  // measure returns how wide a text is in a font, in pixels.
  function measurer(family) {
    const context = document.createElement("canvas").getContext("2d");
    return function (text, kind) {
      const [weight, size] = fonts[kind];
      if (!context) return text.length * size * 0.6;
      context.font = weight + " " + size + "px " + family;
      return context.measureText(text).width;
    };
  }

  // wrap breaks a text into lines of at most so many pixels.
  function wrap(text, width, kind, measure) {
    const lines = [];
    let line = "";
    for (let word of R.clean(text).slice(0, 400).split(/\s+/)) {
      while (word) {
        const next = line ? line + " " + word : word;
        if (measure(next, kind) <= width) { line = next; word = ""; continue; }
        if (line) { lines.push(line); line = ""; continue; }
        let n = word.length - 1;
        while (n > 1 && measure(word.slice(0, n), kind) > width) n--;
        lines.push(word.slice(0, n));
        word = word.slice(n);
      }
      if (lines.length >= maxLines) break;
    }
    if (line) lines.push(line);
    if (lines.length > maxLines) { lines.length = maxLines; lines[maxLines - 1] = lines[maxLines - 1].replace(/.$/, "\u2026"); }
    return lines;
  }

  const operation = n => (/=\s*([a-z_0-9]+)\s*\(/.exec(n.line || "") || [])[1] || "";
  const isPart = n => operation(n) === "get_subsequence_between_indices";

  // streamsOf returns each stream with its group, by number.
  R.streamsOf = function (detail) {
    const out = [];
    for (const g of detail.groups || []) {
      (g.streams || []).forEach((s, k) => { out[g.first + k] = { bytes: s.bytes, bits: s.bits, words: s.words, group: g }; });
    }
    return out;
  };
  const how = s => s.group.predictor && s.group.predictor.length ? "predicted" : "deflated";

  // worth says by what share the segment grows without a step; empty if that is unknown.
  R.worth = (n, coded) => n.without > 0 && coded > 0 ? (n.without >= coded ? "+" : "") + R.percent(n.without / coded - 1) : "";

  // boxesOf puts the nodes that make the output into boxes of up to most steps in a row.
  function boxesOf(detail, most) {
    const nodes = detail.nodes, users = nodes.map(() => []), needed = new Set();
    const visit = function (i) {
      if (needed.has(i) || !nodes[i]) return;
      needed.add(i);
      (nodes[i].args || []).forEach(a => { if (a < i && nodes[a]) { users[a].push(i); visit(a); } });
    };
    visit(detail.out);
    // joined tells of a list that only becomes part of a longer one.
    const joined = function (i) {
      if (operation(nodes[i]) !== "concatenate") return false;
      let user = users[i][0];
      while (isPart(nodes[user]) && user !== detail.out && users[user].length === 1) user = users[user][0];
      return operation(nodes[user]) === "concatenate";
    };
    const inside = i => i !== detail.out && users[i].length === 1 && (nodes[i].stream >= 0 || isPart(nodes[i]) || joined(i));
    const boxes = new Map(), boxOf = new Map();
    // inputs returns what a node takes: chips to write into it, and nodes that other boxes make.
    const inputs = function (i) {
      const chips = [], from = [];
      for (const a of nodes[i].args || []) {
        if (a >= i || !nodes[a]) continue;
        if (!inside(a)) { from.push(a); continue; }
        const more = inputs(a);
        const all = joined(a) || isPart(nodes[a]) && (more.chips.length > 0 || nodes[a].size === nodes[nodes[a].args[0]].size);
        if (!all) chips.push(a); // a part that is all of its list says nothing
        chips.push(...more.chips);
        from.push(...more.from);
      }
      return { chips: chips, from: from };
    };
    for (const i of [...needed].filter(i => !inside(i)).sort((a, b) => a - b)) {
      const take = inputs(i), only = take.from.length === 1 ? take.from[0] : -1;
      const step = { node: i, chips: take.chips };
      const lastUse = only >= 0 && users[only].length === 1 && boxes.get(boxOf.get(only));
      if (lastUse && lastUse.steps[lastUse.steps.length - 1].node === only && lastUse.steps.length < most) {
        lastUse.steps.push(step);
        boxOf.set(i, lastUse.id);
      } else {
        boxes.set(i, { id: i, steps: [step], from: [...new Set(take.from)].map(f => boxOf.get(f)) });
        boxOf.set(i, i);
      }
    }
    return { boxes: [...boxes.values()], out: boxOf.get(detail.out) };
  }

  // place gives each box a column, counted from the output, and a height where it stands.
  function place(boxes, out) {
    const byId = new Map(boxes.map(b => [b.id, b]));
    [...boxes].sort((a, b) => last(b) - last(a)).forEach(function (b) {
      b.column = b.column || 0;
      b.from.forEach(f => { const g = byId.get(f); g.column = Math.max(g.column || 0, b.column + 1); });
    });
    for (const b of [...boxes]) { // an arrow over a column passes it in a lane of its own
      b.from = b.from.map(function (f) {
        let g = byId.get(f);
        for (let c = g.column - 1; c > b.column; c--) {
          const lane = { id: -1 - boxes.length, lane: true, column: c, from: [g.id], height: 8, steps: [] };
          boxes.push(lane);
          byId.set(lane.id, lane);
          g = lane;
        }
        return g.id;
      });
    }
    const free = [], seen = new Set();
    let deepest = 0;
    const visit = function (b) {
      seen.add(b);
      deepest = Math.max(deepest, b.column);
      const kids = b.from.map(f => byId.get(f));
      kids.forEach(k => seen.has(k) || visit(k));
      const low = free[b.column] || 0;
      const middle = kids.length ? (Math.min(...kids.map(k => k.y)) + Math.max(...kids.map(k => k.y + k.height))) / 2 - b.height / 2 : 0;
      b.y = Math.max(low, middle);
      free[b.column] = b.y + b.height + gapY;
    };
    visit(byId.get(out));
    boxes.forEach(b => { b.y = b.y || 0; b.x = (deepest - b.column) * (wide + gapX); });
    return { width: (deepest + 1) * (wide + gapX) - gapX, height: Math.max(...boxes.map(b => b.y + b.height)) };
  }
  const last = b => b.steps[b.steps.length - 1].node;

  function linesOf(detail, streams, step, coded, measure) {
    const n = detail.nodes[step.node], lines = [];
    const put = (text, kind, inset) => wrap(text, wide - 2 * pad - (inset || 0), kind, measure).forEach(t => lines.push({ text: t, kind: kind, inset: inset || 0 }));
    step.chips.forEach(c => put(chip(detail.nodes[c], streams), "chip", 8));
    put(R.words(n.words) || operation(n) || n.name, "title");
    const s = streams[n.stream];
    put(s ? R.short(s.bytes) + ", " + how(s) + " to " + R.short(Math.ceil(s.bits / 8)) : n.size >= 0 ? R.short(n.size) + (n.deflated > 0 ? ", " + R.short(n.deflated) + " by deflate alone" : "") : "", "note");
    const worth = R.worth(n, coded);
    if (worth) put("segment " + worth + " without it", "note");
    return lines;
  }

  function chip(n, streams) {
    const s = streams[n.stream];
    return s ? "stream " + n.stream + ": " + R.short(s.bytes) + ", " + how(s) + " to " + R.short(Math.ceil(s.bits / 8)) : R.words(n.words) || n.name;
  }

  // layout chooses the fewest steps in a box that make the graph fit in room, and places the boxes.
  function layout(detail, coded, streams, measure, room) {
    for (const most of [1, 2, 3, 4, 6, 8]) {
      const { boxes, out } = boxesOf(detail, most);
      if (!boxes.length) return { boxes: boxes };
      for (const b of boxes) {
        b.height = 0;
        for (const s of b.steps) {
          s.lines = linesOf(detail, streams, s, coded, measure);
          s.y = b.height;
          s.height = 2 * pad - 4 + s.lines.reduce((sum, l) => sum + fonts[l.kind][2], 0);
          b.height += s.height;
        }
      }
      const size = place(boxes, out);
      if (size.width <= room || most === 8) return { boxes: boxes, out: out, size: size };
    }
  }

  // graph draws the graph of a plan, the line of a chosen step and a table of all steps.
  R.graph = function (detail, coded, family, room) {
    const streams = R.streamsOf(detail), margin = 6;
    if (detail.nodes.length > maxNodes) {
      return [el("p", { class: "note" }, "The plan has ", R.count(detail.nodes.length, "step"), ", too many for a graph."),
        R.fold("The steps as a table", body => body.append(stepTable(detail, coded, streams)), { bulky: true })];
    }
    const { boxes, out, size } = layout(detail, coded, streams, measurer(family), room - 2 * margin);
    if (!boxes.length) return null;
    const w = size.width + 2 * margin, h = size.height + 2 * margin;
    const picture = svg("svg", { class: "graph", viewBox: [-margin, -margin, w, h].join(" "), width: Math.ceil(w), height: Math.ceil(h), role: "group", "aria-label": "Graph of the plan, from its streams to the segment. Arrow keys move from step to step." });
    const line = el("p", { class: "line", "aria-live": "polite" }, "Choose a step to read its line of the program.");
    edges(boxes).forEach(e => picture.append(e));
    const steps = [];
    for (const b of boxes.filter(b => !b.lane)) {
      const g = svg("g", { transform: "translate(" + b.x + " " + b.y + ")" });
      g.append(svg("rect", { class: b.id === out ? "box out" : "box", width: wide, height: b.height, rx: 5 }));
      b.steps.forEach((s, k) => { const d = drawStep(detail, s, k); g.append(d); steps.push([s.node, d]); });
      picture.append(g);
    }
    rove(detail, steps, line);
    return [el("div", { class: "graph-scroll" }, picture), line,
      R.fold("The steps as a table", body => body.append(stepTable(detail, coded, streams)))];
  };

  function drawStep(detail, s, k) {
    const n = detail.nodes[s.node];
    const label = (s.chips.length ? "takes " + s.lines.filter(l => l.kind === "chip").map(l => l.text).join(" ") + "; " : "") +
      s.lines.filter(l => l.kind !== "chip").map(l => l.text).join(" ");
    const g = svg("g", { class: n.stream >= 0 ? "step source" : "step", transform: "translate(0 " + s.y + ")", tabindex: -1, role: "button", "aria-label": label });
    g.append(svg("rect", { class: "face", x: 1.5, y: 1.5, width: wide - 3, height: s.height - 3, rx: 4 }));
    if (k) g.append(svg("path", { class: "then", d: "M" + pad + " 0H" + (wide - pad) + "M" + (wide / 2 - 5) + " -2l5 5l5 -5" }));
    let y = pad - 2;
    for (const l of s.lines) {
      const [, size, height] = fonts[l.kind];
      y += height;
      if (l.inset) g.append(svg("rect", { class: "chip-mark", x: pad, y: y - height + 3.5, width: 2.5, height: height }));
      g.append(svg("text", { class: "text-" + l.kind, x: pad + l.inset, y: y - 3, "font-size": size }, l.text));
    }
    return g;
  }

  // edges are curves from box to box; those into a box keep their order.
  function edges(boxes) {
    const byId = new Map(boxes.map(b => [b.id, b])), out = [];
    for (const b of boxes) {
      b.from.map(f => byId.get(f)).forEach(function (f, k, all) {
        const x1 = f.x + wide, y1 = f.y + f.height / 2, x2 = b.x - (b.lane ? 0 : 1), y2 = b.y + b.height * (k + 1) / (all.length + 1);
        const end = b.lane ? "H" + (b.x + wide) : "", bend = gapX / 2;
        out.push(svg("path", { class: "edge", d: "M" + x1 + " " + y1 + "C" + (x1 + bend) + " " + y1 + " " + (x2 - bend) + " " + y2 + " " + (x2 - (b.lane ? 0 : 5)) + " " + y2 + end }));
        if (!b.lane) out.push(svg("path", { class: "tip", d: "M" + x2 + " " + y2 + "l-7 -4v8z" }));
      });
    }
    return out;
  }

  // rove makes the steps one stop of the Tab key; arrow keys move among them.
  function rove(detail, steps, line) {
    steps.sort((a, b) => a[0] - b[0]);
    const choose = function (i, focus) {
      steps.forEach(([, g], k) => { g.setAttribute("tabindex", k === i ? 0 : -1); g.classList.toggle("chosen", focus && k === i); });
      if (!focus) return;
      const n = detail.nodes[steps[i][0]];
      line.replaceChildren(el("code", {}, n.line || n.name));
      steps[i][1].focus({ preventScroll: false });
    };
    steps.forEach(function ([, g], i) {
      g.addEventListener("click", () => choose(i, true));
      g.addEventListener("keydown", function (e) {
        const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: steps.length - 1, Enter: i, " ": i }[e.key];
        if (to === undefined) return;
        e.preventDefault();
        choose(Math.max(0, Math.min(steps.length - 1, to)), true);
      });
    });
    choose(0, false);
  }

  function stepTable(detail, coded, streams) {
    const names = n => (n.args || []).map(a => detail.nodes[a] ? detail.nodes[a].name : "").join(", ");
    return R.table("Steps of the plan", [
      { title: "Step", class: "mono whole", cell: n => n.name }, { title: "Does", cell: n => R.words(n.words) || operation(n) },
      { title: "Takes", class: "mono whole", cell: n => n.stream >= 0 ? "stream " + n.stream : names(n) },
      { title: "Bytes", number: true, cell: n => n.size >= 0 ? R.num(n.size) : "not needed" },
      { title: "By deflate alone", number: true, cell: n => n.deflated > 0 ? R.num(n.deflated) : "\u2013" },
      { title: "Segment without it", number: true, cell: n => R.worth(n, coded) || "\u2013" },
      { title: "Line", class: "mono", cell: n => n.line }], detail.nodes);
  }
})(ktzipReport);
