/** Colours and strokes of the drawing, for light and dark surroundings. */
export const STYLE = `
.graph { --ink: #1c1917; --soft-ink: #57534e; --paper: #fafaf9; --card: #ffffff; --rim: #d6d3d1;
  --guitar: #b45309; --setar: #0f766e; --dutar: #4338ca; --plain: #78716c;
  --cascade: #1d4ed8; --restrict: #be123c; --keep: #15803d; --none: #a8a29e; }
@media (prefers-color-scheme: dark) {
  .graph { --ink: #f5f5f4; --soft-ink: #a8a29e; --paper: #171412; --card: #231f1c; --rim: #44403c;
    --guitar: #f59e0b; --setar: #2dd4bf; --dutar: #a5b4fc; --plain: #a8a29e;
    --cascade: #60a5fa; --restrict: #fb7185; --keep: #4ade80; --none: #78716c; }
}
.graph text { font-family: ui-sans-serif, system-ui, "Segoe UI", Helvetica, Arial, sans-serif; font-size: 12px; fill: var(--soft-ink); }
.graph .paper { fill: var(--paper); }
.graph .card { fill: var(--card); stroke: var(--rim); }
.graph .name { font-size: 16px; font-weight: 650; fill: var(--ink); }
.graph .caption { font-weight: 650; fill: var(--ink); }
.graph .key { fill: none; stroke-width: 1.8; }
.graph .key.cascade { stroke: var(--cascade); stroke-width: 2.4; }
.graph .key.restrict { stroke: var(--restrict); stroke-dasharray: 8 4; }
.graph .key.keep { stroke: var(--keep); stroke-dasharray: 2 4; stroke-linecap: round; }
.graph .key.none { stroke: var(--none); }
.graph .label { font-size: 11px; text-anchor: middle; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.graph g:hover > .key { stroke-width: 4; }
.graph .guitar { fill: var(--guitar); } .graph .setar { fill: var(--setar); }
.graph .dutar { fill: var(--dutar); } .graph .plain { fill: var(--plain); }
.graph .head-cascade { fill: var(--cascade); stroke: var(--cascade); }
.graph .head-restrict { fill: var(--restrict); stroke: var(--restrict); }
.graph .head-keep { fill: var(--keep); stroke: var(--keep); }
.graph .head-none { fill: var(--none); stroke: var(--none); }
.graph .open { fill: var(--paper); stroke-width: 1.6; }
`.trim();
