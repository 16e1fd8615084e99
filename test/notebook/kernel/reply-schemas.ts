import { z } from 'zod';

const status = z.enum(['ok', 'error', 'aborted']);
const fault = { ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) };
const bundle = {
  data: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()),
};
const ok = z.literal('ok');

/** Contents of what a kernel sends, after "Messaging in Jupyter" (protocol 5.4); nothing beyond them is allowed. */
export const replySchemas: Record<string, z.ZodType> = {
  kernel_info_reply: z.strictObject({
    status: ok,
    protocol_version: z.string().regex(/^\d+\.\d+(\.\d+)?$/),
    implementation: z.string(),
    implementation_version: z.string(),
    language_info: z.looseObject({
      name: z.string(),
      version: z.string().regex(/^\d+\.\d+/),
      mimetype: z.string(),
      file_extension: z.string().startsWith('.'),
    }),
    banner: z.string(),
    help_links: z.array(z.strictObject({ text: z.string(), url: z.url() })),
    debugger: z.boolean(),
    supported_features: z.array(z.string()),
  }),
  connect_reply: z.strictObject({
    status: ok,
    shell_port: z.int(),
    iopub_port: z.int(),
    stdin_port: z.int(),
    hb_port: z.int(),
    control_port: z.int(),
  }),
  execute_reply: z.union([
    z.strictObject({
      status: ok,
      execution_count: z.int(),
      user_expressions: z.record(z.string(), z.looseObject({ status })),
      payload: z.array(z.looseObject({ source: z.string() })),
    }),
    z.strictObject({ status: z.literal('error'), execution_count: z.int(), ...fault }),
    z.strictObject({ status: z.literal('error'), ...fault }),
    z.strictObject({ status: z.literal('aborted') }),
  ]),
  inspect_reply: z.strictObject({ status: ok, found: z.boolean(), ...bundle }),
  complete_reply: z.strictObject({
    status: ok,
    matches: z.array(z.string()),
    cursor_start: z.int().min(0),
    cursor_end: z.int().min(0),
    metadata: z.record(z.string(), z.unknown()),
  }),
  is_complete_reply: z.union([
    z.strictObject({ status: z.enum(['complete', 'invalid', 'unknown']) }),
    z.strictObject({ status: z.literal('incomplete'), indent: z.string() }),
  ]),
  history_reply: z.strictObject({
    status: ok,
    history: z.array(
      z.tuple([
        z.int(),
        z.int(),
        z.union([z.string(), z.tuple([z.string(), z.string().nullable()])]),
      ]),
    ),
  }),
  comm_info_reply: z.strictObject({
    status: ok,
    comms: z.record(z.string(), z.strictObject({ target_name: z.string() })),
  }),
  shutdown_reply: z.strictObject({ status: ok, restart: z.boolean() }),
  interrupt_reply: z.strictObject({ status: ok }),
  status: z.strictObject({ execution_state: z.enum(['busy', 'idle', 'starting']) }),
  iopub_welcome: z.strictObject({ subscription: z.string() }),
  execute_input: z.strictObject({ code: z.string(), execution_count: z.int().min(0) }),
  execute_result: z.strictObject({ execution_count: z.int().min(1), ...bundle }),
  display_data: z.strictObject({ ...bundle, transient: z.looseObject({}).optional() }),
  update_display_data: z.strictObject({
    ...bundle,
    transient: z.looseObject({ display_id: z.string() }),
  }),
  stream: z.strictObject({ name: z.enum(['stdout', 'stderr']), text: z.string().min(1) }),
  error: z.strictObject(fault),
  clear_output: z.strictObject({ wait: z.boolean() }),
  comm_open: z.strictObject({
    comm_id: z.string(),
    target_name: z.string(),
    data: z.looseObject({}),
  }),
  comm_msg: z.strictObject({ comm_id: z.string(), data: z.looseObject({}) }),
  comm_close: z.strictObject({ comm_id: z.string(), data: z.looseObject({}) }),
};
