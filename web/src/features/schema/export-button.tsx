import { Button, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useApi } from '../../api/calls.ts';
import { counted } from '../../ui/format.ts';
import { saveFile } from '../../ui/save-file.ts';
import { toast, toastError } from '../../ui/toast.tsx';
import type { Period, SchemaTab } from './schema-rows.ts';

/** The whole list as a CSV file; search and filter do not narrow it (F13). */
export function ExportButton({ sourceId, type, period }: { sourceId: string; type: SchemaTab; period: Period }) {
  const api = useApi();
  const [isBusy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    try {
      const { export: file } = await api.call('createExport', {
        body: { what: 'SCHEMA', sourceId, type, range: period },
      });
      const text = await api.call('getExportFile', { path: { exportId: file.id } });
      saveFile(file.fileName, text, 'text/csv');
      toast(`${counted(file.rows, 'row')} saved${file.isCut ? '; what is beyond 4 MB is cut' : ''}`);
    } catch (error) {
      toastError('The file was not made', error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Tooltip label="All rows, whatever is searched for">
      <Button
        variant="default"
        size="xs"
        loading={isBusy}
        leftSection={<IconDownload size={14} aria-hidden="true" />}
        onClick={() => void make()}
      >
        Export CSV
      </Button>
    </Tooltip>
  );
}
