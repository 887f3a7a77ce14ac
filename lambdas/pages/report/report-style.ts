/**
 * What the report adds to the style of all pages: figures, tables, charts, paper. The colours of a chart are told apart by
 * lightness as well, each bar part has an edge, and the numbers stand in a table beside.
 */
export const REPORT_STYLE = `
:root{--granted:#0b5f58;--denied:#9f231b;--refused:#e0a458;--unanswered:#7b8794;--other:#c3b1dd;--requested:#a8b8c0}
@media (prefers-color-scheme:dark){:root{--granted:#74d3c7;--denied:#ff9d93;--refused:#b9792a;--unanswered:#97a3ad;--other:#7b64a6;--requested:#5d6e79}}
body>header,main,body>footer{max-width:76rem}
section{margin-top:2.5rem}
h2{font-size:1.375rem;margin-bottom:.375rem}
h3{margin-top:1.75rem}
.question{color:var(--soft);margin-bottom:1rem}
.quote{margin:1.25rem 0;padding:1.125rem 1.25rem;background:var(--card);border:1px solid var(--line);border-left:.375rem solid var(--accent);border-radius:.75rem;font-size:1.0625rem;white-space:normal}
.quote.bad,.verdict.bad{border-left-color:var(--danger)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.75rem;margin:1.25rem 0}
.figures>div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}
.figures dd{margin:0;font-size:1.625rem;font-weight:650;line-height:1.2;font-variant-numeric:tabular-nums}
.figures .bad dd{color:var(--danger)}
.verdict{padding:.75rem 1rem;margin:0 0 1rem;background:var(--card);border:1px solid var(--line);border-left:.375rem solid var(--accent);border-radius:.5rem;font-weight:600}
.scroll{overflow-x:auto;margin:0 0 1rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
table{width:100%;border-collapse:collapse;font-size:.875rem;line-height:1.4}
caption{text-align:left;padding:.75rem 1rem;font-weight:600}
th,td{padding:.4375rem .75rem;text-align:left;vertical-align:top;border-top:1px solid var(--line);overflow-wrap:normal}
th{font-weight:600}
thead th{color:var(--soft);white-space:nowrap;border-top:0}
caption+thead th{border-top:1px solid var(--line)}
tbody th{font-weight:500}
tr>:first-child{padding-left:1rem}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.time,.key{white-space:nowrap}
.time small{font-size:.6875rem}
.wide{min-width:11rem;overflow-wrap:anywhere}
td small,th small{display:block;color:var(--soft);font-size:.8125rem}
.span{display:grid;grid-template-columns:auto auto;justify-content:start;gap:0 .5rem;font-variant-numeric:tabular-nums;white-space:nowrap}
.span span:nth-child(odd){color:var(--soft)}
.hash{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.75rem;overflow-wrap:anywhere;min-width:16rem}
figure{margin:0 0 1rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
figcaption{padding:.875rem 1rem 0;font-weight:600}
figure .scroll{border:0;margin:0}
svg{display:block;width:100%;min-width:34rem;height:auto}
svg text{fill:var(--soft);font-size:12px;font-family:inherit}
svg .value{fill:var(--ink)}
svg .grid{stroke:var(--line)}
svg .base{stroke:var(--edge)}
svg rect{stroke:var(--card);stroke-width:1}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.125rem;padding:.5rem 1rem 0;font-size:.875rem}
.legend span{display:inline-flex;align-items:center;gap:.4375rem}
.legend i{width:.875rem;height:.875rem;border-radius:.1875rem}
.granted{fill:var(--granted);background:var(--granted)}
.denied{fill:var(--denied);background:var(--denied)}
.refused{fill:var(--refused);background:var(--refused)}
.unanswered{fill:var(--unanswered);background:var(--unanswered)}
.other{fill:var(--other);background:var(--other)}
.requested{fill:var(--requested);background:var(--requested)}
@page{size:A4;margin:14mm 12mm}
@media print{
:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#ccc;--edge:#666;--accent:#0b5f58;--danger:#9f231b;--granted:#0b5f58;--denied:#9f231b;--refused:#e0a458;--unanswered:#7b8794;--other:#c3b1dd;--requested:#a8b8c0}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
html{font-size:11px}
body{font-size:1rem}
body>header,main,body>footer{max-width:none;padding-left:0;padding-right:0}
table{font-size:.8125rem}
td small,th small,.span{font-size:.75rem}
th,td{padding:.25rem .375rem}
caption,tr>:first-child{padding-left:.375rem}
.scroll{overflow:visible}
.wide{min-width:22mm}
.hash{min-width:0;font-size:.6875rem}
thead th,.time,.key{white-space:normal}
.key,.time small{overflow-wrap:anywhere}
.time{min-width:21mm}
svg{min-width:0}
section{margin-top:1.5rem}
h2,h3,caption,.question{break-after:avoid}
figure,tr,.figures>div,.quote{break-inside:avoid}
thead{display:table-header-group}
}
`
