import { useSignal } from '@preact/signals';
import { ApiFailure, upload } from '../api/client';
import { messages } from '../i18n/messages';
import { Card } from '../parts/Card';
import { Failure } from '../parts/Calm';
import { Segmented } from '../parts/Segmented';
import { archiveOf, filesOf } from './archive';

const t = messages(
  {
    title: 'Where the program is',
    folder: 'A folder of the server',
    sent: 'From this computer',
    path: 'Folder',
    pathHelp: 'An absolute path. Each trial gets a copy of it; relative paths of the document begin there.',
    choose: 'Choose a folder',
    sending: (count: number) => `Sending ${count} files…`,
    arrived: (count: number, name: string) => `${count} files of ${name} are on the server`,
    module: 'Python module',
    moduleHelp: 'As --module-name says it to gcloud, such as trainer.task',
    package: 'Package folder',
    jobDir: 'Job directory',
  },
  {
    zh: {
      title: '程序所在位置',
      folder: '服务器上的文件夹',
      sent: '来自本机',
      path: '文件夹',
      pathHelp: '绝对路径。每个试验得到一份副本;文档中的相对路径从这里开始。',
      choose: '选择文件夹',
      sending: (count: number) => `正在发送 ${count} 个文件…`,
      arrived: (count: number, name: string) => `${name} 的 ${count} 个文件已在服务器上`,
      module: 'Python 模块',
      moduleHelp: '与 gcloud 的 --module-name 相同,例如 trainer.task',
      package: '软件包文件夹',
      jobDir: '作业目录',
    },
    ko: {
      title: '프로그램 위치',
      folder: '서버의 폴더',
      sent: '이 컴퓨터에서',
      path: '폴더',
      pathHelp: '절대 경로입니다. 각 시행이 사본을 받으며, 문서의 상대 경로는 여기서 시작합니다.',
      choose: '폴더 선택',
      sending: (count: number) => `파일 ${count}개 보내는 중…`,
      arrived: (count: number, name: string) => `${name}의 파일 ${count}개가 서버에 있습니다`,
      module: 'Python 모듈',
      moduleHelp: 'gcloud의 --module-name과 같습니다. 예: trainer.task',
      package: '패키지 폴더',
      jobDir: '작업 디렉터리',
    },
  },
);

/** What goes beside the document in a submission. */
export interface Beside {
  readonly folder?: string;
  readonly upload?: string;
  readonly module_name?: string;
  readonly package_path?: string;
  readonly job_dir?: string;
}

interface ProgramPlaceProps {
  readonly beside: Beside;
  /** Whether the document leaves the program to whoever submits it, as Google's may. */
  readonly needsModule: boolean;
  readonly onChange: (beside: Beside) => void;
}

type Source = 'folder' | 'sent';

/** Where the program of a new job is: the document alone does not say. */
export function ProgramPlace({ beside, needsModule, onChange }: ProgramPlaceProps) {
  const source = useSignal<Source>(beside.upload ? 'sent' : 'folder');
  const state = useSignal('');
  const failure = useSignal<ApiFailure | undefined>(undefined);
  const set = (change: Beside) => {
    const { folder, upload: sent, ...rest } = { ...beside, ...change };
    onChange({ ...rest, ...(change.upload ? { upload: sent } : folder ? { folder } : sent ? { upload: sent } : {}) } as Beside);
  };
  const send = async (list: FileList) => {
    const files = filesOf(list);
    state.value = t().sending(files.length);
    failure.value = undefined;
    try {
      const found = await upload<{ id: string; files: number }>('/api/v1/uploads', archiveOf(files));
      const { folder: _, ...rest } = beside;
      onChange({ ...rest, upload: found.id });
      state.value = t().arrived(found.files, list[0]?.webkitRelativePath.split('/')[0] ?? '');
    } catch (error) {
      state.value = '';
      failure.value = error instanceof ApiFailure ? error : new ApiFailure('error', 0, String(error));
    }
  };
  return (
    <Card
      title={t().title}
      tools={
        <Segmented
          label={t().title}
          options={{ folder: t().folder, sent: t().sent }}
          value={source.value}
          onChange={(chosen) => (source.value = chosen)}
        />
      }
    >
      <div class="fields">
        {source.value === 'folder' ? (
          <label class="field" data-kind="long">
            <span>{t().path}</span>
            <input type="text" class="mono" placeholder="/srv/code/digits" value={beside.folder ?? ''} onInput={(event) => set({ folder: event.currentTarget.value })} />
            <span class="faint small">{t().pathHelp}</span>
          </label>
        ) : (
          <label class="field" data-kind="long">
            <span>{t().choose}</span>
            <input type="file" {...{ webkitdirectory: true }} onChange={(event) => event.currentTarget.files?.length && void send(event.currentTarget.files)} />
            <span class="faint small" role="status">
              {state.value}
            </span>
          </label>
        )}
        {needsModule && (
          <>
            <label class="field">
              <span>{t().module}</span>
              <input type="text" placeholder="trainer.task" value={beside.module_name ?? ''} onInput={(event) => set({ module_name: event.currentTarget.value })} />
              <span class="faint small">{t().moduleHelp}</span>
            </label>
            <label class="field">
              <span>{t().package}</span>
              <input type="text" placeholder="trainer" value={beside.package_path ?? ''} onInput={(event) => set({ package_path: event.currentTarget.value })} />
            </label>
            <label class="field">
              <span>{t().jobDir}</span>
              <input type="text" value={beside.job_dir ?? ''} onInput={(event) => set({ job_dir: event.currentTarget.value })} />
            </label>
          </>
        )}
      </div>
      {failure.value && <Failure failure={failure.value} />}
    </Card>
  );
}

/** Fields that were left empty are not sent. */
export function given(beside: Beside): Beside {
  return Object.fromEntries(Object.entries(beside).filter(([, value]) => value)) as Beside;
}
