import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/database.ts';
import { Refusal } from '../http/errors.ts';
import { requireAdmin } from '../http/who.ts';
import type { FaultBoard, FaultState } from './board.ts';
import { faultKind, longestSeconds } from './catalogue.ts';

interface SwitchBody {
  readonly enabled: boolean;
  readonly seconds?: number;
  readonly value?: number;
}

const switchSchema = {
  body: {
    type: 'object',
    required: ['enabled'],
    additionalProperties: false,
    properties: {
      enabled: { type: 'boolean' },
      seconds: { type: 'integer', minimum: 1, maximum: longestSeconds },
      value: { type: 'number', minimum: 0 },
    },
  },
} as const;

/** Registers the fault switches, for admins. They use the control pool: one drill takes all of the other. */
export function faultRoutes(app: FastifyInstance, database: Database, faults: FaultBoard): void {
  app.get('/api/faults', async function listFaults(request) {
    await requireAdmin(database.controlQueries, request);
    return { faults: faults.list().map(toJson) };
  });

  app.post<{ Params: { name: string }; Body: SwitchBody }>(
    '/api/faults/:name',
    { schema: switchSchema },
    async function switchFault(request) {
      await requireAdmin(database.controlQueries, request);
      const kind = faultKind(request.params.name);
      if (!kind) throw new Refusal(404, 'faultNotFound');
      if (request.body.enabled) await faults.switchOn(kind, request.body);
      else await faults.switchOff(kind);
      return { faults: faults.list().map(toJson) };
    },
  );
}

function toJson({ kind, enabled, value, endsAt }: FaultState) {
  return {
    name: kind.name,
    enabled,
    value,
    unit: kind.unit,
    minimum: kind.minimum,
    maximum: kind.maximum,
    default_value: kind.defaultValue,
    ends_at: endsAt?.toISOString() ?? null,
  };
}
