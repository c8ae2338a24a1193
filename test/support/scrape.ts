/** The samples of one scrape. */
export class Scrape {
  private readonly samples: readonly { name: string; labels: Record<string, string>; value: number }[];

  /** @param text Prometheus text exposition format */
  constructor(text: string) {
    this.samples = [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels, value]) => ({
      name: name!,
      labels: Object.fromEntries(
        [...(labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label!, text!]),
      ),
      value: Number(value),
    }));
  }

  /** The sum of the samples that have these labels; undefined when there is none. */
  value(name: string, labels: Record<string, string> = {}): number | undefined {
    const found = this.samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }
}

/** Scrapes a service as Prometheus does. */
export async function scrape(service: { readonly url: string }): Promise<Scrape> {
  return new Scrape(await (await fetch(`${service.url}/metrics`)).text());
}
