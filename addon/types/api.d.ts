/** The backend's answers, as /openapi.json describes them; instants are ISO 8601 texts. */
type Instant = string;

interface Tenant {
  id: string;
  name: string;
  default_account_id: string | null;
}

interface Me {
  tenant: Tenant;
  member: { id: string; email: string; role: string };
}

interface SignIn extends Me {
  token: string;
  expires_at: Instant;
}

interface Tab {
  sheetId: number;
  title: string;
  empty: boolean;
}

interface Spreadsheet {
  id: string;
  title: string;
  timeZone: string;
  /** As Sheets writes it: en_US. */
  locale: string;
  tabs: Tab[];
}

interface OpenedSession {
  identityToken: string;
  apiUrl: string;
  spreadsheet: Spreadsheet;
}

interface Connection {
  id: string;
  platform: string;
  shop_domain: string;
  shop_name: string;
  currency: string;
  time_zone: string;
  status: 'connected' | 'refused';
  updated_at: Instant;
}

interface Account {
  id: string;
  email: string;
  status: 'linked' | 'revoked';
  is_default: boolean;
  updated_at: Instant;
}

interface Consent {
  url: string;
  expires_at: Instant;
}

type ColumnType = 'text' | 'integer' | 'number' | 'money' | 'date' | 'datetime' | 'boolean' | 'url';
type Operator = 'eq' | 'ne' | 'in' | 'gte' | 'lte' | 'contains' | 'empty' | 'not_empty';

interface Column {
  key: string;
  header: string;
  type: ColumnType;
  format: string | null;
}

interface Filter {
  field: string;
  op: Operator;
  value: string | number | boolean | string[] | null;
}

interface Schedule {
  cron: string;
  time_zone: string;
  enabled?: boolean;
}

interface Destination {
  spreadsheet_id: string;
  title: string;
  sheet_id: number | null;
  account_id: string | null;
}

/** What a template gives of a configuration. */
interface TemplateConfiguration {
  resource: 'orders' | 'daily_sales';
  row_mode: 'order' | 'line';
  filters: Filter[];
  columns: Column[];
  on_removed: 'keep' | 'mark' | 'delete';
  on_change: boolean;
  schedule: Schedule | null;
}

interface Configuration extends TemplateConfiguration {
  name: string;
  connection_id: string;
  destination: Destination;
  long_text: 'cut' | 'refuse';
  fill_down: boolean;
}

interface Template {
  key: string;
  title: string;
  description: string;
  tab_title: string;
  configuration: TemplateConfiguration;
}

interface CatalogueField {
  key: string;
  label: string;
  type: ColumnType;
  level: 'order' | 'line';
  identifies: boolean;
  column_types: ColumnType[];
  operators: Operator[];
  choices?: string[] | null;
}

interface Preview {
  headers: string[];
  rows: string[][];
  looked_at: number;
  matching: number;
  next_runs: Instant[];
}

type Action =
  | 'recreate_tab'
  | 'restore_columns'
  | 'choose_account'
  | 'link_account'
  | 'reconnect_shop'
  | 'choose_spreadsheet'
  | 'choose_tab'
  | 'cut_texts'
  | 'resume';

interface Attention {
  code: string;
  message: string;
  action: Action;
  since: Instant;
  columns: string[];
}

type RunKind = 'sync' | 'repair' | 'dry';
type RunStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
type Trigger = 'manual' | 'webhook' | 'schedule' | 'retry';

interface RecentRun {
  id: string;
  kind: RunKind;
  trigger: Trigger;
  status: RunStatus;
  started_at: Instant | null;
  finished_at: Instant | null;
  added: number;
  updated: number;
  removed: number;
  error_code: string | null;
}

interface Automation {
  id: string;
  version: number;
  status: 'active' | 'paused' | 'needs_attention';
  attention: Attention | null;
  configuration: Configuration;
  sheet_id: number;
  next_run_at: Instant | null;
  created_at: Instant;
  updated_at: Instant;
  rows?: number | null;
  recent_runs?: RecentRun[];
}

interface Counts {
  orders: number;
  added: number;
  updated: number;
  unchanged: number;
  removed: number;
  skipped: Record<string, number>;
}

interface RunError {
  category: string;
  code: string;
  message: string;
  retriable: boolean;
}

interface Run {
  id: string;
  automation_id: string;
  kind: RunKind;
  trigger: Trigger;
  status: RunStatus;
  cancel_requested: boolean;
  attempt: number;
  rests_until: Instant | null;
  created_at: Instant;
  started_at: Instant | null;
  finished_at: Instant | null;
  /** 0 to 1; null until the shop said about how many orders there are. */
  progress: number | null;
  expected_orders: number | null;
  counts: Counts;
  error: RunError | null;
}

/** One run asked for by its id. */
interface FullRun extends Run {
  changes: Change[];
  timeline: { at: Instant; event: string; note: string }[];
}

/** A cell that a dry run would change. */
interface Change {
  order: string;
  column: string;
  before: string | null;
  after: string | null;
}

interface RunPage {
  runs: Run[];
  next_page_token: string | null;
}
