import { render } from 'preact';

import { Console } from './console.jsx';
import './styles.css';

const root = document.getElementById('console');
if (root !== null) render(<Console />, root);
