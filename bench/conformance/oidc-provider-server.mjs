// oidc-provider as its own examples start it: in memory, with registration and its management on. Listens on PORT.
import Provider from 'oidc-provider';

const issuer = `http://localhost:${process.env.PORT}`;
const provider = new Provider(issuer, {
  features: { registration: { enabled: true }, registrationManagement: { enabled: true } },
});
const server = provider.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => server.close(() => process.exit()));
