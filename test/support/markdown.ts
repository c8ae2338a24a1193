/** A link of a Markdown document, as it is written there. */
export interface Link {
  /** Counted from 1. */
  readonly line: number;
  readonly target: string;
}

const FENCE = /^\s*(`{3,}|~{3,})/;

/** Every line with its number, without those of code blocks. */
function prose(markdown: string): { line: number; text: string }[] {
  let fence: string | undefined;
  return markdown.split('\n').flatMap((text, index) => {
    const [, mark] = FENCE.exec(text) ?? [];
    if (mark !== undefined && (fence === undefined || text.trim().startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      return [];
    }
    return fence === undefined ? [{ line: index + 1, text }] : [];
  });
}

/** Inline links, images and reference definitions; what stands in code is none. */
export function linksOf(markdown: string): Link[] {
  return prose(markdown).flatMap(({ line, text }) => {
    const spoken = text.replaceAll(/(`+)(?!`).*?\1/g, 'code');
    const inline = [...spoken.matchAll(/\]\(<?([^)\s>]+)>?[^)]*\)/g)];
    const definitions = [...spoken.matchAll(/^\[[^\]]+\]:\s+<?(\S+?)>?$/g)];
    return [...inline, ...definitions].map(([, target]) => ({ line, target: target! }));
  });
}

/** The fragments that headings get on GitHub: lower case, hyphens for spaces, a number where a heading repeats. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const { text } of prose(markdown)) {
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(text) ?? [];
    if (heading === undefined) continue;
    const shown = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
    const slug = shown
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let repetition = 1; anchors.has(anchor); repetition += 1) anchor = `${slug}-${repetition}`;
    anchors.add(anchor);
  }
  return anchors;
}
