// npm run dev:kafka: an Apache Kafka broker for development; its data stays under .clientele/kafka.
import { fileURLToPath } from 'node:url';
import { BrokerUnavailable } from './kafka/broker-unavailable.mjs';
import { startKafkaBroker } from './kafka/broker.mjs';

const dataDirectory = fileURLToPath(new URL('../.clientele/kafka', import.meta.url));
const port = 9092;

console.log('Starting Apache Kafka on 127.0.0.1:9092 (the first time, Maven downloads 43 MB) ...');
try {
  const broker = await startKafkaBroker({ dataDirectory, port });
  console.log(`Ready. Its data lies in .clientele/kafka. In another terminal:

  KAFKA_BROKERS=${broker.brokers} npm start

Ctrl-C stops the broker.`);
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  const stop = async () => {
    clearInterval(keepAlive);
    await broker.stop();
    console.log('Stopped.');
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop());
} catch (error) {
  console.error(error instanceof BrokerUnavailable ? error.message : error);
  process.exitCode = 1;
}
