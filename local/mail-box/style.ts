import { STYLE } from '../../lambdas/pages/style.ts'

/** The style of Lapse's own pages, and what a list of mails needs on top. */
export const MAIL_BOX_STYLE = `${STYLE}
body{min-height:100vh;min-height:100dvh;display:flex;flex-direction:column}
body>header,main{width:100%}
main{flex:1;display:flex;flex-direction:column}
nav ul{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 1.25rem}
nav li{padding:0;text-indent:0}
nav a{display:inline-flex;align-items:center;gap:.5em;min-height:2.75rem;padding:.25rem .875rem;border:1px solid var(--edge);border-radius:1.375rem;color:var(--ink);text-decoration:none}
nav a[aria-current]{background:var(--accent);border-color:var(--accent);color:var(--on-accent);font-weight:600}
nav a:hover{text-decoration:underline;text-underline-offset:.2em}
.count{font-size:.875rem;opacity:.85}
.mails{margin:0;padding:0;list-style:none;background:var(--card);border:1px solid var(--line);border-radius:.75rem;overflow:hidden}
.mails li{padding:0;text-indent:0;border-top:1px solid var(--line)}
.mails li:first-child{border-top:0}
.mails a{display:grid;gap:0 1.5rem;padding:.75rem 1.25rem;color:inherit;text-decoration:none}
.mails a:hover strong{text-decoration:underline;text-underline-offset:.2em}
.mails a:focus-visible{outline-offset:-.1875rem}
.mails strong{font-weight:600}
.mails time,.address{color:var(--soft);font-size:.875rem}
.address{display:block}
.back{margin:-.75rem 0 .25rem}
.back a,.lead a{color:var(--accent)}
.back a{display:inline-block;padding:.5rem 0}
.subject{font-size:clamp(1.25rem,1.1rem + .8vw,1.625rem)}
.envelope{margin:0 0 1rem}
.envelope div,.envelope .address{display:inline}
.envelope div::after{content:'';display:block}
.envelope dt,.envelope dd{display:inline;margin:0 .5rem 0 0}
iframe{flex:1;width:100%;min-height:32rem;border:1px solid var(--line);border-radius:.75rem;background:Canvas}
.text{flex:1;margin:0;background:var(--card)}
@media (min-width:40rem){.mails a{grid-template-columns:minmax(0,1fr) 13rem auto;align-items:baseline}.mails time{order:1}}
`
