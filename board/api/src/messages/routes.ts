import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { User } from '../accounts/users.ts';
import type { Database } from '../database/database.ts';
import type { FaultBoard } from '../faults/board.ts';
import { Refusal } from '../http/errors.ts';
import { chooseLanguage, textFor } from '../http/texts.ts';
import { requireUser } from '../http/who.ts';
import { messagesDeleted, messagesPosted, searches } from '../telemetry/metrics.ts';
import { inSpan } from '../telemetry/spans.ts';
import {
  addMessage,
  changeMessage,
  deleteMessage,
  findMessage,
  listMessages,
  type Message,
  type MessageQuery,
} from './messages.ts';

interface MessageText {
  readonly title: string;
  readonly body: string;
}

interface MessageId {
  readonly id: number;
}

const querySchema = {
  querystring: {
    type: 'object',
    properties: {
      page: { type: 'integer', minimum: 1, maximum: 100_000, default: 1 },
      size: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      q: { type: 'string', maxLength: 100, default: '' },
    },
  },
} as const;

const idSchema = {
  params: {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
  },
} as const;

const textSchema = {
  body: {
    type: 'object',
    required: ['title', 'body'],
    additionalProperties: false,
    properties: {
      title: { type: 'string', minLength: 1, maxLength: 120, pattern: '\\S' },
      body: { type: 'string', minLength: 1, maxLength: 4_000, pattern: '\\S' },
    },
  },
} as const;

/** Registers the routes of messages. Reading is open to all; writing needs a session. */
export function messageRoutes(app: FastifyInstance, database: Database, faults: FaultBoard): void {
  app.get<{ Querystring: MessageQuery }>(
    '/api/messages',
    { schema: querySchema },
    async function list(request) {
      const page = await listMessages(database.queries, request.query, faults.readingMode());
      if (request.query.q !== '') searches.add(1, { result: page.total > 0 ? 'found' : 'empty' });
      return page;
    },
  );

  app.get<{ Params: MessageId }>('/api/messages/:id', { schema: idSchema }, async function read(request) {
    return existing(database, request.params.id);
  });

  app.post<{ Body: MessageText }>(
    '/api/messages',
    { schema: textSchema },
    async function post(request, reply) {
      const user = await requireUser(database.queries, request);
      const message = await inSpan('message.post', { 'board.message.length': request.body.body.length }, () =>
        storeMessage(database, user, request.body),
      );
      messagesPosted.add(1);
      request.log.info({ 'board.message.id': message.id, 'enduser.pseudo.id': String(user.id) }, '글 등록');
      return reply.code(201).send(message);
    },
  );

  app.put<{ Params: MessageId; Body: MessageText }>(
    '/api/messages/:id',
    { schema: { ...idSchema, ...textSchema } },
    async function edit(request) {
      await requireOwner(database, request, request.params.id);
      await changeMessage(database.queries, request.params.id, request.body.title, request.body.body);
      request.log.info({ 'board.message.id': request.params.id }, '글 수정');
      return existing(database, request.params.id);
    },
  );

  app.delete<{ Params: MessageId }>(
    '/api/messages/:id',
    { schema: idSchema },
    async function remove(request) {
      await requireOwner(database, request, request.params.id);
      await deleteMessage(database.queries, request.params.id);
      messagesDeleted.add(1);
      request.log.info({ 'board.message.id': request.params.id }, '글 삭제');
      return {
        status: 'success',
        message: textFor('messageDeleted', chooseLanguage(request.headers['accept-language'])),
      };
    },
  );
}

async function storeMessage(database: Database, user: User, text: MessageText): Promise<Message> {
  return existing(database, await addMessage(database.queries, user.id, text.title.trim(), text.body));
}

async function existing(database: Database, id: number): Promise<Message> {
  const message = await findMessage(database.queries, id);
  if (!message) throw new Refusal(404, 'messageNotFound');
  return message;
}

/** @throws Refusal unless the request is made by the message's author or an admin. */
async function requireOwner(database: Database, request: FastifyRequest, id: number): Promise<void> {
  const user = await requireUser(database.queries, request);
  const message = await existing(database, id);
  if (message.author_id !== user.id && !user.isAdmin) throw new Refusal(403, 'notYours');
}
