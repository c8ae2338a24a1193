import { Controller, Delete, Get, Patch, Put, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/**
 * `/register/protected` lies where a client's configuration would lie, and is none: no client is ever called `protected`.
 * Every method of a configuration is 405 there, as on `/register`.
 */
@Controller('register/protected')
export class ProtectedPathController {
  @Get()
  async read(@Res() reply: FastifyReply): Promise<void> {
    await notAllowed(reply);
  }

  @Put()
  async replace(@Res() reply: FastifyReply): Promise<void> {
    await notAllowed(reply);
  }

  @Patch()
  async change(@Res() reply: FastifyReply): Promise<void> {
    await notAllowed(reply);
  }

  @Delete()
  async remove(@Res() reply: FastifyReply): Promise<void> {
    await notAllowed(reply);
  }
}

async function notAllowed(reply: FastifyReply): Promise<void> {
  await reply.code(405).header('Allow', 'POST, OPTIONS').send({
    error: 'method_not_allowed',
    error_description: 'this address answers POST, OPTIONS',
  });
}
