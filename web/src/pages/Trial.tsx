import type { PageProps } from '../routes';
import { Empty } from '../parts/Calm';
import { words } from '../i18n/words';

export default function Trial({ params }: PageProps) {
  return <Empty title={words().trialNumber(Number(params.number))} />;
}
