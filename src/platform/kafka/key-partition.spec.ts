import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { topics } from './topics.js';

/** Hashes that the Java client's own tests fix; every Kafka client that partitions as Java does gives these. */
const murmur2OfTheJavaClient = {
  '21': -973932308,
  foobar: -790332482,
  'a-little-bit-long-string': -985981536,
  'a-little-bit-longer-string': -1486304829,
  lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8: -58897971,
  abc: 479470107,
};

describe('the partition of a key', () => {
  const partitioner = kafkajs.Partitioners.DefaultPartitioner();
  const partitionMetadata = Array.from({ length: topics.events.partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));

  it.each(Object.entries(murmur2OfTheJavaClient))('%s is where the Java client puts it', (key, hash) => {
    const partition = partitioner({
      topic: topics.events.name,
      partitionMetadata,
      message: { key, value: null },
    });
    expect(partition).toBe((hash & 0x7fffffff) % 12);
  });
});
