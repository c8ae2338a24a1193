/** The one style sheet of the pages: a card, light or dark as the reader prefers, from 320 pixels up. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f3f1ec; --card: #fffefb; --ink: #1d2421; --quiet: #5c665f; --line: #dfdbd0;
  --accent: #14624d; --on-accent: #ffffff; --accent-ground: #e6f0ea;
  --warn: #7a4300; --warn-ground: #fdf0da; --warn-line: #ecc98f;
  --stop: #94261c; --stop-ground: #fbe9e5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121614; --card: #1b211e; --ink: #e9eeea; --quiet: #a3aea7; --line: #323b36;
    --accent: #7ed3b4; --on-accent: #06251b; --accent-ground: #1d3a30;
    --warn: #f5c883; --warn-ground: #33270f; --warn-line: #5d4718;
    --stop: #f4a79c; --stop-ground: #3a1f1b;
  }
}
* { box-sizing: border-box; margin: 0; }
html { font: 100%/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
body { min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center; justify-content: center;
  padding: 1.5rem 1rem; background: var(--ground); color: var(--ink); }
main { width: 100%; max-width: 29rem; background: var(--card); border: 1px solid var(--line); border-radius: 1.125rem;
  padding: 2rem; box-shadow: 0 1px 2px rgb(0 0 0 / 4%), 0 12px 32px -12px rgb(0 0 0 / 14%); }
footer { max-width: 29rem; padding: 1.125rem 1rem 0; color: var(--quiet); font-size: .8125rem; text-align: center;
  overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 650; text-wrap: balance; overflow-wrap: anywhere; }
h1 + p, h1 + div { margin-top: .625rem; }
p { overflow-wrap: anywhere; text-wrap: pretty; }
p + p, div + p { margin-top: .75rem; }
.pulse + p { margin-top: .875rem; }
.quiet { color: var(--quiet); }
.mark { display: grid; place-items: center; width: 3rem; height: 3rem; margin-bottom: 1.25rem; border-radius: .875rem;
  background: var(--accent-ground); color: var(--accent); }
.mark svg { width: 1.625rem; height: 1.625rem; }
.mark.warn { background: var(--warn-ground); color: var(--warn); }
.mark.stop { background: var(--stop-ground); color: var(--stop); }
.note { margin-top: 1.25rem; padding: .8125rem 1rem; border-radius: .75rem; font-size: .9375rem; line-height: 1.5;
  background: var(--warn-ground); color: var(--warn); border: 1px solid var(--warn-line); }
.note strong { display: block; }
dl { margin-top: 1.5rem; border-top: 1px solid var(--line); }
dl > div { padding: .875rem 0; border-bottom: 1px solid var(--line); }
dl:last-child > div:last-child { padding-bottom: 0; border-bottom: 0; }
dd + dd { margin-top: .375rem; }
dt { color: var(--quiet); font-size: .8125rem; }
dd { overflow-wrap: anywhere; font-weight: 550; }
dd .quiet { display: block; font-weight: 400; font-size: .875rem; }
dd.beside { display: flex; justify-content: space-between; align-items: center; gap: 1rem; }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .375rem; margin-top: .375rem; }
li, code { font: 500 .875rem/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
li { padding: .125rem .625rem; border-radius: 1rem; background: var(--accent-ground); color: var(--accent); }
label { display: block; margin-top: 1.5rem; font-weight: 600; }
input { width: 100%; margin-top: .375rem; padding: .75rem .875rem; font: inherit; font-size: 1rem; color: inherit;
  background: var(--ground); border: 1px solid var(--line); border-radius: .75rem; }
input + p { margin-top: .625rem; color: var(--stop); font-size: .9375rem; }
button { min-height: 3rem; padding: .625rem 1.25rem; font: inherit; font-weight: 600; cursor: pointer; border-radius: .75rem;
  border: 1px solid var(--line); background: transparent; color: inherit; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover { filter: brightness(1.08); }
button:not(.primary):not(.plain):hover { background: var(--ground); }
button.plain { min-height: 2.75rem; padding: 0 .25rem; border: 0; font-weight: 500; font-size: .9375rem; color: var(--accent);
  text-decoration: underline; text-underline-offset: .2em; white-space: nowrap; }
.actions { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; margin-top: 1.5rem; }
.actions.single { grid-template-columns: 1fr; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.pulse { display: flex; gap: .375rem; margin-top: 1.5rem; }
.pulse i { width: .625rem; height: .625rem; border-radius: 50%; background: var(--accent); animation: pulse 1.5s infinite ease-in-out; }
.pulse i:nth-child(2) { animation-delay: .2s; }
.pulse i:nth-child(3) { animation-delay: .4s; }
@keyframes pulse { 0%, 70%, 100% { opacity: .25; transform: scale(.85); } 35% { opacity: 1; transform: none; } }
@media (prefers-reduced-motion: reduce) { .pulse i { animation: none; opacity: .6; } }
@media (max-width: 26rem) {
  body { padding: 1rem .75rem; }
  main { padding: 1.5rem 1.25rem; }
  h1 { font-size: 1.3125rem; }
}
@media (forced-colors: active) { main, button, input { border: 1px solid; } }
`;
