/**
 * The one style of all pages. No script, no fonts or images from elsewhere; the ring of the mark is drawn with a gradient.
 * Text holds a contrast of 4.5 and edges of fields 3 in light and dark; targets are 44 px high; nothing scrolls sideways at 320 px.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#f4f5f2;--card:#fff;--ink:#1b2227;--soft:#525f69;--line:#d9dedf;--edge:#76828a;--accent:#0b5f58;--on-accent:#fff;--danger:#9f231b;--caution:#fdf3d8;--on-caution:#573f00;--code:#f1f3f3}
@media (prefers-color-scheme:dark){:root{--paper:#11161a;--card:#1a2126;--ink:#e8ecee;--soft:#a9b5bd;--line:#343f47;--edge:#84919a;--accent:#74d3c7;--on-accent:#07211e;--danger:#ff9d93;--caution:#382d0f;--on-caution:#ffe3a3;--code:#12181c}}
*,::before,::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
body>header,main,body>footer{max-width:68rem;margin:0 auto;padding:0 1.25rem}
body>header{display:flex;align-items:center;gap:.5rem;padding-top:1.25rem;font-weight:650}
body>header span+span+span{color:var(--soft);font-weight:400}
.mark{flex:none;width:1.25rem;height:1.25rem;border-radius:50%;background:conic-gradient(var(--accent) 75%,var(--line) 0);-webkit-mask:radial-gradient(circle,#0000 46%,#000 48%);mask:radial-gradient(circle,#0000 46%,#000 48%)}
main{padding-top:1.75rem;padding-bottom:2rem}
body>footer{padding-bottom:2.5rem;color:var(--soft);font-size:.875rem}
h1{margin:0 0 .5rem;font-size:clamp(1.5rem,1.2rem + 1.6vw,2.125rem);line-height:1.2;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h2{margin:0 0 .75rem;font-size:1.125rem;line-height:1.3;font-weight:650}
h3{margin:1.25rem 0 .5rem;font-size:1rem;font-weight:650}
p{margin:0 0 .75rem}
.lead{color:var(--soft);font-size:1.0625rem;text-wrap:pretty}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.25rem;margin:0 0 1rem}
.card>:last-child,dd>:last-child{margin-bottom:0}
.glance{display:grid;gap:.25rem 2rem;margin:1.25rem 0;padding:1rem 1.25rem;background:var(--card);border:1px solid var(--line);border-left:.375rem solid var(--accent);border-radius:.75rem}
.glance div{padding:.25rem 0}
.glance dd{font-weight:600}
.high{border-left-color:var(--danger)}
.high .risk{color:var(--danger)}
dl{margin:0}
dt{color:var(--soft);font-size:.875rem}
dd{margin:0 0 .75rem}
dl>div:last-child>dd,.glance dd{margin-bottom:0}
dd p{margin:0}
code,pre,.digits{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{font-size:.9em}
ul{margin:0;padding:0;list-style:none}
li{padding:.0625rem 0 .0625rem 1.25em;text-indent:-1.25em}
.plain,ul.flag{text-wrap:pretty}
.plain li,ul.flag li{padding:.1875rem 0;text-indent:0}
blockquote{margin:0;padding:.125rem 0 .125rem .875rem;border-left:.1875rem solid var(--edge);white-space:pre-wrap}
pre{margin:0 0 .75rem;padding:.875rem;background:var(--code);border:1px solid var(--line);border-radius:.5rem;font-size:.8125rem;line-height:1.5;white-space:pre-wrap}
.flag,.alert{margin:0 0 1rem;padding:.75rem 1rem;border-radius:.5rem;background:var(--caution);color:var(--on-caution)}
.alert{background:var(--card);color:var(--ink);border:.1875rem solid var(--danger);padding:.875rem 1.25rem .375rem;margin-bottom:1.75rem}
.alert p{margin:0}
.alert a{display:inline-block;padding:.625rem 0;color:var(--danger);font-weight:600}
label{display:block;font-weight:600}
.hint,.wrong{margin:.125rem 0 .5rem;font-size:.875rem;color:var(--soft)}
.wrong{color:var(--danger);font-weight:600}
.wrong::before{content:"! "}
input,textarea,select{display:block;width:100%;min-height:2.75rem;margin:0 0 1.125rem;padding:.5rem .75rem;font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--edge);border-radius:.5rem}
.digits{max-width:12rem;font-size:1.375rem;letter-spacing:.25em}
[aria-invalid=true]{border:.1875rem solid var(--danger)}
textarea{resize:vertical;min-height:5.5rem}
button{display:block;width:100%;min-height:3rem;padding:.625rem 1rem;font:inherit;font-weight:650;border:.125rem solid var(--accent);border-radius:.5rem;cursor:pointer;text-wrap:balance}
button+button{margin-top:.75rem}
button[hidden]{display:none}
.approve{background:var(--accent);color:var(--on-accent)}
.deny{background:none;color:var(--danger);border-color:var(--danger)}
button:hover{text-decoration:underline;text-underline-offset:.2em}
:focus-visible{outline:.1875rem solid var(--ink);outline-offset:.1875rem}
.outcome{max-width:42rem;margin:0 auto}
.outcome .card{padding:1.75rem 1.5rem}
.sign{display:grid;place-items:center;width:3rem;height:3rem;margin:0 0 1rem;border:.1875rem solid var(--soft);border-radius:50%;color:var(--soft);font-size:1.5rem;line-height:1}
.good .sign{color:var(--accent);border-color:var(--accent)}
.bad .sign{color:var(--danger);border-color:var(--danger)}
.outcome dl{margin-top:1.25rem}
@media (min-width:40rem){.glance{grid-template-columns:auto auto 1fr}.pair{display:grid;grid-template-columns:9rem minmax(0,1fr);column-gap:1rem;align-items:baseline}}
@media (min-width:62rem){.sheet{display:grid;grid-template-columns:minmax(0,1fr) 22rem;gap:1.25rem;align-items:start}.decide{position:sticky;top:1.25rem}}
@media (forced-colors:active){.mark{display:none}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#999;--accent:#000;--danger:#000;--code:#fff;--caution:#fff;--on-caution:#000}.decide,.alert{display:none}.sheet{display:block}.card{break-inside:avoid-page}body{font-size:10pt}}
`
