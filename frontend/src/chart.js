// Draws each <figure data-chart>: its specification stands inside it as JSON, or at data-src.
// Expressions are interpreted, never compiled, so that the page needs no unsafe-eval.
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const fontStack =
  'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Noto Sans CJK SC", ' +
  '"PingFang SC", "PingFang TC", "Microsoft YaHei", "Microsoft JhengHei", ' +
  '"WenQuanYi Micro Hei", sans-serif';

const options = {
  mode: "vega-lite",
  renderer: "svg",
  ast: true,
  expr: expressionInterpreter,
  actions: false,
  // Errors only: advice on specifications is for those who write them.
  logLevel: 1,
  defaultStyle: false,
  tooltip: { theme: "touchstone", disableDefaultStyle: true },
  config: { background: "transparent", font: fontStack },
};

async function specificationOf(figure) {
  if (!figure.dataset.src) {
    return JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  }
  const answer = await fetch(figure.dataset.src, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${figure.dataset.src} answered ${answer.status}`);
  return answer.json();
}

function spaceIn(figure) {
  const given = figure.querySelector(".chart-space");
  if (given) return given;
  const space = document.createElement("div");
  space.className = "chart-space";
  figure.prepend(space);
  return space;
}

// A phone turned on its side, a menu folded, a column widened: the picture takes the new width.
// Vega listens to the window alone, so a change of the space is passed on as one of the window.
function followWidth(space) {
  let drawnWidth = space.clientWidth;
  const watcher = new ResizeObserver(() => {
    const width = space.clientWidth;
    if (!space.isConnected) watcher.disconnect();
    if (width === 0 || Math.abs(width - drawnWidth) < 2) return;
    drawnWidth = width;
    window.dispatchEvent(new Event("resize"));
  });
  watcher.observe(space);
}

async function draw(figure) {
  figure.dataset.chart = "drawing";
  try {
    const space = spaceIn(figure);
    await embed(space, await specificationOf(figure), options);
    followWidth(space);
    figure.dataset.chart = "drawn";
  } catch (fault) {
    // The table behind the picture stays; the fault is for whoever looks into the console.
    figure.dataset.chart = "failed";
    console.error("A chart could not be drawn.", fault);
  }
}

function drawAll() {
  document.querySelectorAll('figure[data-chart=""]').forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
