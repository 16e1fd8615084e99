import { z } from 'zod';

/** Contents of the requests that a kernel answers (protocol 5.4). What a client leaves out has the protocol's default. */
export const requestSchemas = {
  kernel_info_request: z.looseObject({}),
  connect_request: z.looseObject({}),
  execute_request: z.looseObject({
    code: z.string(),
    silent: z.boolean().default(false),
    store_history: z.boolean().optional(),
    user_expressions: z.record(z.string(), z.string()).nullish(),
    allow_stdin: z.boolean().default(true),
    stop_on_error: z.boolean().default(true),
  }),
  inspect_request: z.looseObject({
    code: z.string(),
    cursor_pos: z.int().min(0).nullish(),
    detail_level: z.union([z.literal(0), z.literal(1)]).default(0),
  }),
  complete_request: z.looseObject({ code: z.string(), cursor_pos: z.int().min(0).nullish() }),
  is_complete_request: z.looseObject({ code: z.string() }),
  history_request: z.looseObject({
    output: z.boolean().default(false),
    raw: z.boolean().default(true),
    hist_access_type: z.enum(['range', 'tail', 'search']),
    session: z.int().nullish(),
    start: z.int().nullish(),
    stop: z.int().nullish(),
    n: z.int().nullish(),
    pattern: z.string().nullish(),
    unique: z.boolean().default(false),
  }),
  comm_info_request: z.looseObject({ target_name: z.string().nullish() }),
  comm_open: z.looseObject({
    comm_id: z.string(),
    target_name: z.string(),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
  comm_msg: z.looseObject({
    comm_id: z.string(),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
  comm_close: z.looseObject({
    comm_id: z.string(),
    data: z.record(z.string(), z.unknown()).default({}),
  }),
  shutdown_request: z.looseObject({ restart: z.boolean().default(false) }),
  interrupt_request: z.looseObject({}),
} as const;

export type RequestType = keyof typeof requestSchemas;
export type RequestContent<T extends RequestType> = z.infer<(typeof requestSchemas)[T]>;
