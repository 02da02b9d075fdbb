// Signals as curves and images as pixels, each beside what is left of it after prediction.
(function (R) {
  const el = R.el, svg = R.svg;
  const curveWidth = 1000, curveHeight = 120;

  function range(values) {
    let low = Infinity, high = -Infinity;
    for (const v of values) { if (v < low) low = v; if (v > high) high = v; }
    return low <= high ? [low, high] : [0, 0];
  }
  const mean = v => v.reduce((n, x) => n + x, 0) / (v.length || 1);
  function deviation(values) {
    const m = mean(values);
    return Math.sqrt(mean(values.map(x => (x - m) * (x - m))));
  }
  // figure prints a number with three significant digits and digits grouped.
  function figure(x) {
    if (!isFinite(x)) return "\u2013";
    if (x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e12)) return x.toExponential(2);
    return Math.abs(x) >= 100 || Number.isInteger(x) ? R.dec(x, 0) : R.dec(x, Math.abs(x) >= 10 ? 1 : Math.abs(x) >= 0.1 ? 2 : 4);
  }

  // curve draws values around a middle, so that span fills the height.
  function curve(values, middle, span, kind, label) {
    const scale = span > 0 ? (curveHeight - 6) / span : 0, step = curveWidth / Math.max(1, values.length - 1);
    const clamp = y => Math.max(1, Math.min(curveHeight - 1, y));
    const points = values.map((v, i) => (i * step).toFixed(1) + "," + clamp(curveHeight / 2 - (v - middle) * scale).toFixed(1)).join(" ");
    const zero = clamp(curveHeight / 2 + middle * scale);
    return svg("svg", { class: "curve " + kind, viewBox: "0 0 " + curveWidth + " " + curveHeight, preserveAspectRatio: "none", role: "img", "aria-label": label },
      svg("line", { class: "zero", x1: 0, x2: curveWidth, y1: zero, y2: zero }),
      svg("polyline", { points: points }));
  }

  function channel(c, i, total) {
    const cost = c.bits ? ", " + R.dec(c.bits, 2) + " bits each" : "";
    const values = c.values || [], rest = c.rest || [];
    const [low, high] = range(values), [restLow, restHigh] = range(rest);
    const wide = Math.max(high - low, 1e-300), span = Math.max(wide, restHigh - restLow), usual = span > wide ? "its own scale" : "same scale", name = c.name || (total > 1 ? "Channel " + (i + 1) : "Samples");
    const before = el("figure", {}, curve(values, (low + high) / 2, wide, "values", name + ": from " + figure(low) + " to " + figure(high)),
      el("figcaption", {}, el("strong", {}, name), " " + figure(low) + " to " + figure(high) + ", standard deviation " + figure(deviation(values)) + cost));
    if (!rest.length) return el("div", { class: "channel" }, before);
    const own = Math.max(restHigh - restLow, 1e-300), larger = span / own, middle = (restLow + restHigh) / 2;
    const words = "What is left: from " + figure(restLow) + " to " + figure(restHigh);
    let picture = curve(rest, 0, span, "rest", words + ", " + usual), big = false;
    const scale = el("span", {}, usual);
    const magnify = el("button", { type: "button", class: "link", "aria-pressed": "false", onclick: function () {
      big = !big;
      const next = big ? curve(rest, middle, own, "rest", words + ", magnified") : curve(rest, 0, span, "rest", words + ", " + usual);
      picture.replaceWith(next);
      picture = next;
      magnify.setAttribute("aria-pressed", big);
      scale.textContent = big ? "magnified " + figure(larger) + " times" : usual;
    } }, "magnify");
    return el("div", { class: "channel" }, before, el("figure", {}, picture, el("figcaption", {}, el("strong", {}, "What is left"), " " + figure(restLow) + " to " + figure(restHigh) +
      ", standard deviation " + figure(deviation(rest)) + "; ", scale, larger > 1.5 ? [" ", el("span", { class: "nowrap" }, "(", magnify, ")")] : null)));
  }

  R.signal = function (s) {
    const channels = s.channels || [], length = channels.length ? (channels[0].values || []).length : 0;
    const columns = [{ title: "Sample", number: true, cell: i => R.num(s.start + i) }];
    channels.forEach(function (c, k) {
      columns.push({ title: c.name || "Channel " + (k + 1), number: true, cell: i => figure((c.values || [])[i]) });
      if ((c.rest || []).length) columns.push({ title: "Left", number: true, cell: i => figure(c.rest[i]) });
    });
    return el("section", { class: "part signal" }, R.heading(3, "Signal"),
      el("p", {}, R.words(s.words), s.type ? " (" + s.type + ")" : "", ". Shown: samples ", R.num(s.start), " to ", R.num(s.start + length), s.total > channels.length ? ", " + R.num(channels.length) + " of " + R.count(s.total, "channel") : "", "."),
      channels.map((c, i) => R.lazy(el("div"), 150, b => b.append(channel(c, i, s.total || channels.length)))),
      R.fold("The samples as a table", b => b.append(R.table("Samples", columns, Array.from({ length: length }, (_, i) => i))), { bulky: true }));
  };

  // pixels draws bytes that JSON has in base64.
  function pixels(image, base64, label) {
    const text = atob(base64 || ""), columns = Math.max(1, Math.min(4096, image.columns)), rows = Math.max(1, Math.min(4096, image.rows));
    const canvas = el("canvas", { width: columns, height: rows, role: "img", "aria-label": label }), context = canvas.getContext("2d");
    if (!context) return canvas;
    const data = context.createImageData(columns, rows), depth = image.channels === 3 ? 3 : 1;
    for (let i = 0; i < columns * rows; i++) {
      for (let k = 0; k < 3; k++) data.data[4 * i + k] = text.charCodeAt(depth * i + (depth === 3 ? k : 0)) || 0;
      data.data[4 * i + 3] = 255;
    }
    context.putImageData(data, 0, 0);
    return canvas;
  }

  // spread says how far the bytes are from a middle on average.
  function spread(base64, middle) {
    const text = atob(base64 || "");
    let sum = 0;
    for (let i = 0; i < text.length; i++) sum += Math.abs(text.charCodeAt(i) - middle);
    return text.length ? sum / text.length : 0;
  }

  R.image = function (image) {
    const shape = R.num(image.width) + " \u00d7 " + R.num(image.height) + " pixels";
    const grow = Math.max(1, Math.min(4, Math.floor(480 / Math.max(1, image.columns))));
    const show = function (data, label, words) {
      const canvas = pixels(image, data, label);
      canvas.style.width = grow * image.columns + "px";
      return el("figure", {}, canvas, el("figcaption", {}, words));
    };
    const smaller = image.columns < image.width ? ", made smaller to " + R.num(image.columns) + " \u00d7 " + R.num(image.rows) : "";
    return el("section", { class: "part image" }, R.heading(3, "Image"), el("p", {}, R.words(image.words), /pixel/.test(image.words) ? "" : (image.words ? ", " : "") + shape, "."),
      R.lazy(el("div", { class: "images" }), grow * image.rows / 2, b => R.add(b, [
        show(image.pixels, "The image, " + shape, [el("strong", {}, "The image"), smaller + "; its values are scaled to the range that occurs" + (image.channels === 3 ? ", three in a row stand for red, green and blue" : "") + ", the first row is at the top"]),
        image.rest ? show(image.rest, "What is left of the image after prediction; mid gray stands for nothing", [el("strong", {}, "What is left"), " after prediction; mid gray stands for nothing"]) : null])),
      R.fold("The image in numbers", b => b.append(R.table("The image in numbers", [{ title: "Figure", cell: r => r[0] }, { title: "Value", number: true, cell: r => r[1] }], [
        ["Width, pixels", R.num(image.width)], ["Height, pixels", R.num(image.height)], ["Channels", String(image.channels)],
        ["Mean distance from mid gray, of 255", R.dec(spread(image.pixels, 128), 1)],
        ["The same, of what is left", image.rest ? R.dec(spread(image.rest, 128), 1) : "\u2013"]]))));
  };
})(ktzipReport);
